"""Devices of RFC 9944 through nginx and PostgREST; what is writeOnly is sealed to a key whose private part the
database never had, and opened by a library of somebody else's: jwcrypto."""
import json
import subprocess
import unittest

from jwcrypto import jwe, jwk

from service import STACK, patch, quote, reload_nginx, send, sql
from test_stores import ROOT, in_store

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
EXTENSION = "urn:ietf:params:scim:schemas:extension:%s:2.0:Device"
DEVICE, BLE, DPP, MAB, FDO, ZIGBEE, APPS = CORE + "Device", *(
    EXTENSION % name for name in ("ble", "dpp", "ethernet-mab", "fido-device-onboard", "zigbee", "endpointAppsExt"))
PASSKEY, OOB = EXTENSION % "pairingPassKey", EXTENSION % "pairingOOB"
BASE = "https://api.example.com/gate/scim/v2"
LOCATIONS = """
location ~ ^/gate/scim/v2(/|$) {
    set $scim_store gate;
    set $scim_base_url %s;
    include scim_proxy.conf;
}
""" % BASE
BOOTSTRAP_KEY = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADURzxmttZoIRIPWGoQMV00XHWCAQIhXruVWOz0NjlkIA="
BLE_DEVICE = {"versionSupport": ["5.4"], "deviceMacAddress": "2C:54:91:88:C9:E2", "isRandom": False,
              "separateBroadcastAddress": ["AA:BB:88:77:22:11", "AA:BB:88:77:22:12"], "mobility": True}
# the figures of RFC 9944
FIGURES = {
    3: {},
    5: {BLE: {**BLE_DEVICE, "pairingMethods": [PASSKEY], PASSKEY: {"key": 123456}}},
    6: {BLE: {**BLE_DEVICE, "pairingMethods": [OOB], OOB: {"key": "TheKeyvalueRetrievedFromOOB", "randomNumber": 238796813516896}}},
    7: {BLE: {**BLE_DEVICE, "pairingMethods": [PASSKEY, OOB], PASSKEY: {"key": 123456},
              OOB: {"key": "TheKeyvalueRetrievedFromOOB", "randomNumber": 238796813516896}}},
    8: {DPP: {"dppVersion": 2, "bootstrappingMethod": ["QR"], "bootstrapKey": BOOTSTRAP_KEY, "deviceMacAddress": "2C:54:91:88:C9:F2",
              "classChannel": ["81/1", "115/36"], "serialNumber": "4774LH2b4044"}},
    9: {MAB: {"deviceMacAddress": "2C:54:91:88:C9:E2"}},
    10: {FDO: {"fdoVoucher": "{... voucher ...}"}},
    11: {ZIGBEE: {"versionSupport": ["3.0"], "deviceEui64Address": "50:32:5F:FF:FE:E7:67:28"}},
}
SECRETS = {DPP: "bootstrapKey", FDO: "fdoVoucher"}


def setUpModule():
    sql("SET client_min_messages = warning; SELECT scim.create_store('gate')")
    subprocess.run(["psql", "-XqAt", "-v", "store=gate", "-f", ROOT / "conf" / "postgrest.sql"], check=True, stdout=subprocess.DEVNULL)
    in_store("gate", "SELECT scim.apply_profile('devices'); UPDATE gate.policy SET enabled = true WHERE kind = 'events'")
    (STACK / "locations" / "gate.conf").write_text(LOCATIONS)
    reload_nginx()


def tearDownModule():
    (STACK / "locations" / "gate.conf").unlink()
    reload_nginx()
    sql("SELECT scim.drop_store('gate', true)")


class Devices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.token = in_store("gate", "SELECT secret FROM scim.create_token('gateway')")

    def call(self, method, path, body=None, status=200):
        answer = send(method, "/gate/scim/v2" + path, body, token=self.token, base="")
        self.assertEqual(answer.status, status, answer.body[:500])
        return answer.json if answer.body else None

    def made(self, figure):
        device = {"schemas": [DEVICE, *FIGURES[figure]], "displayName": "Monitor %d" % figure, "active": True, **FIGURES[figure]}
        return self.call("POST", "/Devices", device, 201)

    def key(self, **kind):
        """A key of somebody's own, to which the store seals from now on."""
        key = jwk.JWK.generate(**kind)
        kid = in_store("gate", "SELECT scim.set_sealing_key('%s')" % key.export_public())
        self.assertEqual(kid, key.thumbprint())
        return key

    @staticmethod
    def opened(key, text):
        token = jwe.JWE(algs=["ECDH-ES", "A256GCM"])
        token.deserialize(text, key)
        return json.loads(token.payload)

    def stored(self, device, extension, attribute):
        return in_store("gate", "SELECT data #>> '{%s,%s}' FROM gate.devices WHERE id = '%s'" % (extension, attribute, device["id"]))

    def test_figures(self):
        for figure, extensions in FIGURES.items():
            with self.subTest(figure=figure):
                device = self.made(figure)
                expected = {urn: {name: value for name, value in extension.items() if SECRETS.get(urn) != name}
                            for urn, extension in extensions.items()}
                self.assertEqual({urn: device[urn] for urn, extension in expected.items() if extension},
                                 {urn: extension for urn, extension in expected.items() if extension})
                self.assertEqual(device["meta"]["location"], BASE + "/Devices/" + device["id"])
                self.assertEqual(self.call("GET", "/Devices/" + device["id"]), device)
                found = self.call("GET", "/Devices?filter=" + quote('displayName eq "monitor %d"' % figure))
                self.assertEqual(found["Resources"], [device])
                changed = self.call("PATCH", "/Devices/" + device["id"], patch({"op": "replace", "path": "active", "value": False}))
                self.assertEqual(changed, {**device, "active": False, "meta": changed["meta"]})
                self.assertEqual(self.call("PUT", "/Devices/" + device["id"], changed)["meta"], changed["meta"])
                self.call("DELETE", "/Devices/" + device["id"], status=204)

    def test_nested(self):
        device = self.made(7)
        for path in (PASSKEY + ":key", PASSKEY + ".key", "%s:%s:key" % (BLE, PASSKEY)):
            found = self.call("GET", "/Devices?filter=" + quote("%s eq 123456" % path) + "&attributes=" + quote(path))
            self.assertEqual([one[BLE] for one in found["Resources"]], [{PASSKEY: {"key": 123456}}])
        changed = self.call("PATCH", "/Devices/" + device["id"], patch({"op": "remove", "path": "%s:%s" % (BLE, OOB)},
                                                                        {"op": "replace", "path": PASSKEY + ":key", "value": 1}))
        self.assertEqual([changed[BLE][PASSKEY], OOB in changed[BLE]], [{"key": 1}, False])
        self.call("DELETE", "/Devices/" + device["id"], status=204)

    def test_applications(self):
        body = {"schemas": [CORE + "EndpointApp"], "applicationType": "deviceControl", "applicationName": "Device Control App 1",
                "certificateInfo": {"rootCA": "MIIBIjAN...", "subjectName": "www.example.com"}}
        made = self.call("POST", "/EndpointApps", body, 201)
        self.assertEqual({**body, "id": made["id"], "meta": made["meta"]}, made)
        device = {"schemas": [DEVICE, APPS], "active": True, APPS: {"applications": [{"value": made["id"]}]}}
        self.assertEqual(self.call("POST", "/Devices", device, 201)[APPS], device[APPS])
        device[APPS]["applications"][0]["value"] = "e9e30dba-f08f-4109-8486-d5c6a3316333"
        self.assertEqual(self.call("POST", "/Devices", device, 400)["scimType"], "invalidValue")

    def test_sealed_to_keys_of_ones_own(self):
        keys = [self.key(kty="EC", crv="P-256"), self.key(kty="OKP", crv="X25519")]
        for key, irk in zip(reversed(keys), ("first irk \u00e9\u4e16", "second")):
            in_store("gate", "SELECT scim.set_sealing_key('%s')" % key.export_public())
            device = self.call("POST", "/Devices", {"schemas": [DEVICE, BLE], "active": True, BLE: {
                "versionSupport": ["5.4"], "deviceMacAddress": "2C:54:91:88:C9:E2", "pairingMethods": [PASSKEY], "irk": irk}}, 201)
            self.assertNotIn("irk", device[BLE])
            sealed = self.stored(device, BLE, "irk")
            self.assertEqual(self.opened(key, sealed), irk)
            other = keys[0] if key is keys[1] else keys[1]
            with self.assertRaises(Exception):
                self.opened(other, sealed)
            # the database cannot
            with self.assertRaises(subprocess.CalledProcessError):
                in_store("gate", "SELECT scim.unseal('%s')" % sealed)
            # what was read goes back without it, and another one takes its place
            self.call("PUT", "/Devices/" + device["id"], device)
            self.assertEqual(self.stored(device, BLE, "irk"), sealed)
            self.call("PATCH", "/Devices/" + device["id"], patch({"op": "replace", "path": BLE + ":irk", "value": irk}))
            self.assertNotEqual(self.stored(device, BLE, "irk"), sealed)
            self.assertEqual(self.opened(key, self.stored(device, BLE, "irk")), irk)
            self.call("PATCH", "/Devices/" + device["id"], patch({"op": "remove", "path": BLE + ":irk"}))
            self.assertEqual(self.stored(device, BLE, "irk"), "")
            for filter in ('irk eq "%s"' % irk, "irk pr"):
                refused = self.call("GET", "/Devices?filter=" + quote("%s:%s" % (BLE, filter)), status=400)
                self.assertEqual(refused["scimType"], "invalidFilter")
            self.assertEqual(self.call("GET", "/Devices?attributes=" + quote(BLE + ":irk"))["Resources"][0].get(BLE), None)
            self.call("DELETE", "/Devices/" + device["id"], status=204)

    def test_nothing_tells(self):
        """Neither a dump nor the log of requests nor that of the server has a text that was sent."""
        key = self.key(kty="EC", crv="P-256")
        secret = "needle-in-no-haystack"
        device = self.call("POST", "/Devices", {"schemas": [DEVICE, FDO], "active": True, FDO: {"fdoVoucher": secret}}, 201)
        self.call("POST", "/Devices", {"schemas": [DEVICE, FDO], "active": "perhaps", FDO: {"fdoVoucher": secret}}, 400)
        self.assertEqual(self.call("POST", "/Devices", {"schemas": [DEVICE, FDO], "active": True, FDO: {"fdoVoucher": {"a": secret}}}, 400)["scimType"],
                         "invalidValue")
        self.call("PATCH", "/Devices/" + device["id"], patch({"op": "replace", "path": FDO + ":fdoVoucher", "value": secret}))
        self.assertEqual(self.opened(key, self.stored(device, FDO, "fdoVoucher")), secret)
        dump = subprocess.run(["pg_dump", "--data-only", "--schema=gate"], check=True, capture_output=True, text=True).stdout
        self.assertIn("Monitor" if "Monitor" in dump else device["id"], dump)
        self.assertNotIn(secret, dump)
        for log in (*STACK.glob("*.log"), *STACK.glob("data/log/*")):
            try:
                self.assertNotIn(secret, log.read_text(errors="replace"), log)
            except PermissionError:
                pass


if __name__ == "__main__":
    unittest.main()
