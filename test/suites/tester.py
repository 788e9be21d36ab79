"""scim2-tester against the service at SCIM_URL: one line per check, "ok" or "not ok".
What only deviates from a recommendation is not ok either."""
import os
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

GOOD = (Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE)

client = Client(base_url=os.environ["SCIM_URL"], timeout=60,
                headers={"Authorization": "Bearer " + os.environ["SCIM_TOKEN"]})
failed = passed = 0
for result in check_server(SyncSCIMClient(client)):
    reason = (result.reason or "").replace("\n", " ")
    if result.status == Status.SKIPPED:
        print("skipped %s %s: %s" % (result.resource_type or "-", result.title, reason))
        continue
    good = result.status in GOOD
    passed += good
    failed += not good
    print("%s %s %s%s: %s" % ("ok" if good else "not ok", result.resource_type or "-", result.title,
                             "" if good else " " + result.status.name, reason[:1000]))
# a discovery that fails ends the run early
sys.exit(1 if failed or passed < 100 else 0)
