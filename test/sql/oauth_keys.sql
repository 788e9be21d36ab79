-- Clients that sign who they are: RFC 7523, RFC 7517, RFC 7515.  What is signed here has expired in 2023, by keys that
-- nobody has any more: that it "has expired" is said of what is signed as it should be, and of nothing else.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('signing');
SET scim.store = 'signing';
SET scim.base_url = 'https://idp.example/scim/v2';
INSERT INTO signing.authentication_scheme (scheme, keyword, credential, type) VALUES ('OAuth', 'Bearer', 'access_token', 'oauth2');
\set keys '{"keys": [{"kty": "RSA", "kid": "r", "use": "sig", "n": "u0d8uXqT2ZxlmBUtjdvSK-AAShsF8P_4wIREq_O69WlDZtCMnBrEO64FABvBOlpfdo5OzASvmRdkVc1DxjNNPLy21Tid8Vzx3MfZV21wcbMlQQ8euG7dhIRb68WSetBvdX8YfMoDZDauMY5sXIQx_2ptlUnXVHJL6y-nx78ngZB3cZ2PUHkQCOljiGz91h8KUYjoPm-nFqiE908GUGs9WSa7aUcpEWrS2Oa4fHVn70b9zuLJXhEjQ8xCizJ9UhNqcDEo05LUVhhqwOeMfG7s-644flkTqR4BxHK7WcFj4wqg9eGYvoo61NPr17zChEG5bgxRtbFhkCrkGvB09ximow", "e": "AQAB"}, {"kty": "EC", "kid": "e", "crv": "P-256", "x": "QLmJfhSEmAqAIu0y_xXIpG8I6p2N9qzn0Qr5IPnsJZ8", "y": "uvwGQNi-QvvjATwgm51FBiR5g13whuqWjVnQPIrBR-U"}, {"kty": "OKP", "kid": "d", "crv": "Ed25519", "x": "5FPCwfpGZNFVOrYM7HdrM3Zp_vP6xNcuxjV24NCckNk"}]}'
CREATE TEMP TABLE signed (n int GENERATED ALWAYS AS IDENTITY, what text, assertion text);
INSERT INTO signed (what, assertion) VALUES
('RS256', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.eoiicO7KipV_jGtt0qWrUikLa0AItIueEC3DRaL83rvToZ3QZ-g04tL33Got-W71dhJym8Wo8vsD_TVp9tXoegVbgcMo8O5Qc9J2b9Fd7XlV0i26qJmXqINjCgXezir_GrmYigACl8gVNPoG7bwAOxtfxEeUb6OfzHxizfbw7WhZTXQ5GTqF6TvI3OthrABak35kK8p_BxHaCGSzXsgSdTDxkV9ZM67jRh8AurdOk5SuFB-_M9AlD81Z0KgmBPYN7dO7nWmHMy8868VGoraTp3SaPAqPiFx1D9Lq_97jTNaP9J8eliOrQtjhxRXESgQgPj-HXAD9XI31234U8ZrFyQ'),
('RS256 without kid', 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.cir_N42IfMlwfr5_3y6chMMILDViZNoNQ37iiKP0DuMPG2Ww9qZjhNaHL9WumxtYtJOLvGA-izBRMHQ6m1zTJvhXEDqFhrZZ5HZlGzK72MH3wLStbONQ1T1pZjx_EKtYerNAGOhXj3P_vFH_MNgRJ7L1fGqkFe6Dj9_CY0tR9Fe3F-AUU7RfrZQrvbeAnuDe3W-OVgs5VfgJVyJe74TiS58bvS9lSrCQ6FKCsPxUD8MqfoY2ONZFb5ilHIUxw9Zxx22VCZGbs8XcUucBK66QzT_HsiQSrW17sn28-melbacj1B6z6H7Kn0SybMg3Ac-uWw5wxPsMMukvIiw1EbtSTA'),
('PS256', 'eyJhbGciOiJQUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.SReq8gQTwYRXwBb94YdVahK1_KTdlSACJsJuXRSQ3pYjx1MRQvYArdUiA8dLn4PiYO98eWSBP29hARscKPzCBsSi4ik9Z7-a_M6ox1p56CnBjxb6Wt_A_vwvIwMuiJSzQj2YP-1qQlwT2P8SwYd35BDO2G7Yl8Kh11Ct9FV9t74_2gMB5Ccmdd-YB1y66ml_pLzFiJCmc1PZgzh6BQiH6R9bBxSH_v6EVzKEHElV3jJcdzIQFEKqn4YePDjfgCZActMVirdKqEYqqTTAZGmcId7f9lSrcx7rolpUBfKUadkz9CQkY3fFFrznM02jcMTgOM0SGlYp2RoStzU9mX58LA'),
('ES256', 'eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.KCF4WnGCtZnRFDiABxmYC-oi6SamWIaD9FuxyBlSh8FV4C6aViY18H4KHDpnHPq7PYW3QlsaCFb07K2sDX4fsw'),
('EdDSA', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImQifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.X0rqMCmaNKpjdlMGU9vKuzAaXdzxOGly386bGupwmVRNwqDul38Ge76E8cCiGxvpzQRM6QgqPGNgKez648ZdDg'),
('another audience', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImQifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOlsiaHR0cHM6Ly9vdGhlci5leGFtcGxlL3NjaW0vdjIiXSwiZXhwIjoxNzAwMDAwMDAwLCJqdGkiOiIxIn0.L1elb-2sp4jHUk7VBh3-GtaQNls3dWYRj_e--fiYiR5dTpkxG6TdTClRQSfRAv8eFkxZluh5tqIhrnFGdY7UCA'),
('no audience', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImQifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.chmTSay2AitX6JM-m75-Ui1rX-OR7pIo-ORR-n8Kbfxhn9xL-SGZcqWvmtyhnUIlM_d12A35Y2vdeLVgyehzAQ'),
('no expiry', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImQifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJqdGkiOiIxIn0.2rfTgvnxMM90yuvIv9jJmzPWH-Vea4gtVGYar49Ew77KU8ezpn7I8DOE1zDOK8RqjuSorzmXx02hkQaXu4NTCw'),
('expiry that is a text', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImQifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOiIxNzAwMDAwMDAwIiwianRpIjoiMSJ9.9nt9RkxGmBNiAkiG4d7fpcXzWd4lvGF00AXk8-nL4810Ak8qU4aWKUtN7pvRcuRuCkADzolBmAHoFlSkyTD8Cw'),
('expiry in 2100', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImQifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjQxMDI0NDQ4MDAsImp0aSI6IjEifQ.-OtfF51rkIO5zywkzqzLTcLc5KmKr8sjTP-HQeCpFSUS6Ilxti0t_g-sKGXm6OE1WBrpzM0jKAlNqrmHFIzZBQ'),
('expiry that is no number of C', 'eyJhbGciOiJFZERTQSIsImtpZCI6ImQifQ.eyJpc3MiOiAic2lnbmVyIiwgInN1YiI6ICJzaWduZXIiLCAiYXVkIjogImh0dHBzOi8vaWRwLmV4YW1wbGUvc2NpbS92MiIsICJleHAiOiAxZTk5OSwgImp0aSI6ICIxIn0.XaIGTYsr1Jn7cv5-wYJLRuyeNE9hyXYx-l-anurjMeOelqQFzwAlBURmd8SkvYanMza1Hq6bni3xgTeOWPCLCg'),
('alg none', 'eyJhbGciOiJub25lIiwia2lkIjoiciJ9.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.'),
('alg None', 'eyJhbGciOiJOb25lIn0.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.'),
('HS256 by the public key', 'eyJhbGciOiJIUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.bnkd3yvxYOLPgGw8sxRbzNkD655mCDdBXA8SjNTwQAA'),
('key of another type', 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.dPwdEVAWEDKW73_L5YfHtbEqDqbVlF6yTbtAxhr2lNyWjUHcdSRqEfK0VoLp4d1eJtKCqCPjmXWZg8zHCwwcwTrtLQYZVc7pp0sHfDOJhhmpO4rfonXwXAE4Hl-uXNTsgKshye9ON2Nk0y-GxwnmFyy8vLINojnX5NsH6onYfGHBhnfpg1uMVOkrW-pIqK12Vrr-t-epziCSHaqzgEZZuaxIIPqmKoga2Ok1TTwQkttNXXHvy7MH-cmmFGon8M0qDnJJ5dfrWJoKCw3MSMF9GKWZtFlFJ3Y8_oB0BRgPVk57Hmg9jtsiw4SXo-XsL8SOCApuCIiZfJEUJNytNB6Qhg'),
('ES256 named RS256', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.F3WSI5DaOsQ-Q_J1tTN7NRqrnW-pGcFM6mQnuRT9mOtLYZ5gXzWdnG4cq-8zqSQu2tpQmUAERycrzr-wqapY-w'),
('PS256 named RS256', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.rIcaaY9B2NazLJreWL7malIHXRn8TwvMEJqZ4dsc5xXAQwAIHn-qRdAhvvkwHvVRU-xEF_mi4dNrUczpzCkp6PdTw6fsSRBm1MO1D95alOZnj3GxMEWIPI3bxnoyYmiqSPn4TV3FKi-6glODuA1UnLTl7hAn9OG3-Wbn9TXW7DiT-8pDmuiwXdezHOGlJU69qKpRqgyu4mVM___KQHhN17BHZ07Iw2rHq1fuhawwdolbv7NyjHTrAeFWii4ViB_FhGAPRjPqJAxL4gPl50d9gUCMT9R1wwe-cvMbp4oTE9URlfeZM17YTrVcw5rsUYo51DmslQtgNtI7YTBo1qJP-A'),
('unknown kid', 'eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.nwkyVc-2wk4-1JYpD2Z2Qd1zsQLtJNMjcUYKXLS-mcrJjwaj4RDK4YNvhLtyq2H72Ol6f-dhoK4zQLtnIBaWiS95Jd7KzUh-PChPGin2Ht-DBxTC6WhVrlkEpvkscH5MT6WB7hcOQRiu4gb72Yu0fyu2RaEd-X7Hmy8AKhJcPy21Ok6jHDi-39UqPUEQbHs9-viLDZT2k-pgGKWGnZ-c8vPQL5ApbJmOWA2mPBpkHUyQHEYqlpJgSNBcYYqTYKi90pVbTxf2Ae1kwMa0f2xpxPSpF_8Ohi6e_rTsYP4quOD1pq5P8tN7noBPx6mlHHscDePusvsAsMyBto49TUOG1g'),
('kid that is a number', 'eyJhbGciOiJSUzI1NiIsImtpZCI6MX0.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.Btyk3ww_BbsGnx30dYUe7RqYldv2jZm2ScFudqQRVzZEDdXW6hCn2fl2R8k2j6FkTfxRyW9M9NN7mP8MFMxR_zd0z0fViMtRRjs4PkQIe8FRFTWkrF2KD1plGB0_mAmGHRJM3G48Z6r-aGonFJHTrOJSGlHWyi0UTloQkw1-8ae5I15S31X_D2XNBYlVgvUfYVKB84rJ4tW6xFeU2orP_kCszgf6n8Sqh3FJIjdq-gxIB51zXlrcnVJhYjlD5OYvsquoiOV8kSSCVeoLQxwtEgnbNNslCJkuPpkAKfqNCoLVChDS6mGlPjJJTWzKDzVFOPvmgMd-8-0fUZDD5TazvQ'),
('crit', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJjcml0IjpbImV4cCJdLCJleHAiOjF9.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.C-Bt2IOS1vOknWQ_62poFZHcoK3NDeyTxx5RDfyjVIdkKjo04rPhia2E6oNL1beRLv-ylErrecuxpHboaFtbNwhACbBUf0H7BiXZDQWFlSqPY4XQXbnFZZdiBZp-yE5poKaMT9O6gvvtcTSh4WDIqA7XXjDfUM06igpzJG5-FvNqrx44INHd-yRoUeBRzeoIiaZXyiJVa5LZef-a37j06WW8FUKsAvA1Rrl2bVlZh8u5Fkfp-4duhE_ZfT7w_Nbms7JogfmQaajRmWOZ46x6d_irEM58NP9LvKGyPQ9R4Zoid9ZQuuJtghVWU9Nmwjsbk2YR3cI-_8cYzB-WK-EAQg'),
('alg twice', 'eyJhbGciOiJub25lIiwiYWxnIjoiUlMyNTYifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.U8mbaehhRoag3Dk9vablJARKEl13XD8x9hl76CxVwRusrYsiNwLJCNMjm_6AFVmy2p_jreteCT655o80F1Q5eIzWv5t1rG3TZdmhRyjzz14HjZVlRVGkTyLDY3AhcUGTAIpdUFTMi-P0WRhXugHgqxXaY_BukPqmOZUbLie72Hta4nk8uXiDFXIVcsTVXVAxNXPqeI-Og-Oqq93MxglJU3IvPoBBBYiqdhRo-oqkp2FhckZNJsknirlkLOzCHh4AI2Ig3xvBtNovn8pSUbO_9bJidGpXKWWSgByIfkbu9tdsIBloo1EjFqktkr5IzW8jw6AK9ysgU2cTerwaGv7eWA'),
('sub twice', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJzdWIiOiJ4Iiwic3ViIjoic2lnbmVyIiwiaXNzIjoic2lnbmVyIn0.bbO4QcHtKwJSjIqH0GoUBSY5wEMLUX-325zEETcRfzBCt8NNDasw1Dlo_RsM0upvVf96v9zQycgsbiDPV7llJadygJaLM6-HtKL6Hj-B2tkKfuTtEtmtWX11E4SjHlNCt47H5uIQd-KxrqEGpETCP9W623SSfo9Od4Pt0QSfzbJpAJN7mlnBJK_sVTWg85ccmUI5tWpr0Race0bRWSKKZNmgqYYgpBHISrtn45pAaLva7Uy6aJNvXQVqJOJXR3gkDMgasN7ryR7w6LVZzB8RTdx4vKoijTld7z3HGUsRa-mdfcsvwzhCtL4deEdNddmI42yjDqQvYKldDtLZp-aSJg'),
('another issuer', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJvdGhlciIsInN1YiI6InNpZ25lciIsImF1ZCI6Imh0dHBzOi8vaWRwLmV4YW1wbGUvc2NpbS92MiIsImV4cCI6MTcwMDAwMDAwMCwianRpIjoiMSJ9.WuM7CEzDSWCScEPOuwLUVo4bNgWnzEWf9XXRn6-kSU7ybo_Hlxh0h-T3rEUzgDw2D3glScOS720MdKLjoUfEJeDvO2Wxv6fdGn7iHsMpEJ_sNHa6kOoRghfIlEEf5wgDnsxV12dG8acyqZEvSTPJCOa4WygI2Nh2JGWhLqfLyHldhlgLta1O1xXYyFLKTSNtDidV4FUVmHX7vWKIGQfhk7bYNPpN7n-LjJJYMWb-Jc8o6Ogam-vDqc6Fl-ypDFKVJja2L0f4WryOFuJneqJYLecAFvqmZoW9ldAVDz_7r8BeCBN5ZrX-dx4YsmYcOBWXWBZcZA6UOhrJTb-gnzhOTg'),
('nobody', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJub2JvZHkiLCJzdWIiOiJub2JvZHkiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.sgVumqz7FlLwVLAr30XLaA_ViirAT3zUM48E10DdVHCj90nUkAK9AMVI9qJx1VFTMRN3RYcVP1ygSCYePj_3GCckN__nU5fLkLFkb4dWvranzfQSyK8BXQXDl1FA1pChAiLTThRo5hkXot_c_en4lyAFUScrg6JB3PmenX1WFgVbPv3_2Vkjdmz9uKrNE-YFj6JGhUPPMKUhgtI_nxF0kKjvXJP9icIydmUa2l3NarGZLu3FrUZxk-rdD7qIvZ4yiJw79cyMHfUWS9YqNxVY8OEggENNsH-EidE0DwQBH_Nca8CAGqFfbO2QHl6hBEoAfvRKw7trnYGNdPEJo0MXOg'),
('header that is no object', 'WzFd.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.H6D-e23kVIuLh0bUePFMxq9ReHlhuUd561gAZvgky_R8XpBewwQAGDR_v-TooT7W1Oq3G_Mb04XtYhRkCaLoK7eEE2bLwucDYN6S7sNXzK0dNvxBsUfe2h1bHikLMaJfyYDL-RtoVZBQGGdGOyTFSyplMAm7YZcP6XWqh6PDBSsUxa_pzjZmsGrWL5KhLXSpd1YgKFjwlmnnlpvxQQ3_eH452pfvQsKKIHNOGO9ULWp6GoK2lSbgPF1f6-Q8AsKJLdqF1jnVtH3lriBazoYf4Pt1FIO5m0vUqk6CiMlWwU2Zpf3fS9krDen83AMQCwtZqKAMQrFlbFK4pRNvMWvkPg'),
('claims that are no JSON', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.ew.gBG43BTh8L6-s7EdMMZsGoL1sCL00202OSGE7zCfbVmQZN84ujXf2Y3sQdvvfhohGWinuIT0ZlLXD2dmulpZL2ZOLQYYRk0dgUjvlhyDjQmER-D4JvLtIrs69ltxyxfMsb1YVXskElMnyOI8QYjQFdmxJbU2qbjdwyY_iMJ8krxc2pSf4S8uuGdhlV5CTtH0JMEIJFx7UcI_c-PQqpCw-8J4LHpRW4EJLZiykc19RLWTtPn1vYB8PP4KzG4mkdPY6uzUAV32TuylgJw_4eX3SWmn9_2EVucTTTFVQ6N2PsxqDJIN0nMVRNZ-NHyoYoDebBJmhY5HvkK8hO5iwhsP6g'),
('deep claims', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.W1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW11dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV1dXV0.rtPSy1Zsehu8hkgOR1qqZwWAypIJMI-l8cogjlqgRwdW5n8LqixSglHsb_t52dXgbAOBHgQ7SjMeMbIU_dKzBecwBVignuTCRARoH6g4l4bxd1KyVusL-g8vKonNdKf1alTYwo_5ZuBL6zMKO-j9L2-3CeZVvBI0ciK_ZVGm9m87qJAZH4eGZ9sZuu_YTe3Y8xF6gPMYN46hMs1qGsqfwYHq4jhYWF7Gp6Av7l6nWBDeYw399xmWsmQxS3epsT4Vm1mWcRiWe7YwhOp4yg-wOWmWGYpvOzusadT-vjD4UIXXi8uUf1MBAsur1Z7Uav7e0jYIRl5go59LiLtS2XIMgw'),
('no UTF-8', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiL_In0.AAAA'),
('changed', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.eoiicO7KipV_jGtt0qWrUikLa0AItIueEC3DRaL83rvToZ3QZ-g04tL33Got-W71dhJym8Wo8vsD_TVp9tXoegVbgcMo8O5Qc9J2b9Fd7XlV0i26qJmXqINjCgXezir_GrmYigACl8gVNPoG7bwAOxtfxEeUb6OfzHxizfbw7WhZTXQ5GTqF6TvI3OthrABak35kK8p_BxHaCGSzXsgSdTDxkV9ZM67jRh8AurdOk5SuFB-_M9AlD81Z0KgmBPYN7dO7nWmHMy8868VGoraTp3SaPAqPiFx1D9Lq_97jTNaP9J8eliOrQtjhxRXESgQgPj-HXAD9XI31AAAAAAAAAA'),
('cut off', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.eoiicO7KipV_jGtt0qWrUikLa0AItIueEC3DRaL83rvToZ3QZ-g04tL33Got-W71dhJym8Wo8vsD_TVp9tXoegVbgcMo8O5Qc9J2b9Fd7XlV0i26qJmXqINjCgXezir_GrmYigACl8gVNPoG7bwAOxtfxEeUb6OfzHxizfbw7WhZTXQ5GTqF6TvI3OthrABak35kK8p_BxHaCGSzXsgSdTDxkV9ZM67jRh8AurdOk5SuFB-_M9AlD81Z0KgmBPYN7dO7nWmHMy8868VGoraTp3SaPAqPiFx1D9Lq_97jTNaP9J8eliOrQtjhxRXESgQgPj-HXAD9XI31234U8ZrF'),
('padded', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.eoiicO7KipV_jGtt0qWrUikLa0AItIueEC3DRaL83rvToZ3QZ-g04tL33Got-W71dhJym8Wo8vsD_TVp9tXoegVbgcMo8O5Qc9J2b9Fd7XlV0i26qJmXqINjCgXezir_GrmYigACl8gVNPoG7bwAOxtfxEeUb6OfzHxizfbw7WhZTXQ5GTqF6TvI3OthrABak35kK8p_BxHaCGSzXsgSdTDxkV9ZM67jRh8AurdOk5SuFB-_M9AlD81Z0KgmBPYN7dO7nWmHMy8868VGoraTp3SaPAqPiFx1D9Lq_97jTNaP9J8eliOrQtjhxRXESgQgPj-HXAD9XI31234U8ZrFyQ='),
('four parts', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.eoiicO7KipV_jGtt0qWrUikLa0AItIueEC3DRaL83rvToZ3QZ-g04tL33Got-W71dhJym8Wo8vsD_TVp9tXoegVbgcMo8O5Qc9J2b9Fd7XlV0i26qJmXqINjCgXezir_GrmYigACl8gVNPoG7bwAOxtfxEeUb6OfzHxizfbw7WhZTXQ5GTqF6TvI3OthrABak35kK8p_BxHaCGSzXsgSdTDxkV9ZM67jRh8AurdOk5SuFB-_M9AlD81Z0KgmBPYN7dO7nWmHMy8868VGoraTp3SaPAqPiFx1D9Lq_97jTNaP9J8eliOrQtjhxRXESgQgPj-HXAD9XI31234U8ZrFyQ.x'),
('two parts', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ'),
('no signature', 'eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.'),
('ES256 of zeros', 'eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'),
('ES256 as DER', 'eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIiLCJhdWQiOiJodHRwczovL2lkcC5leGFtcGxlL3NjaW0vdjIiLCJleHAiOjE3MDAwMDAwMDAsImp0aSI6IjEifQ.MEUCIQDoAfExcieinWkHgxyjx9-Q87woIB35HsydEfirpA_2FQIgXMAKajX1778ElWKBvQigerUawuC50aPFgvkt-5hRwLY'),
('dots', '...'),
('a text', 'x');
CREATE FUNCTION pg_temp.ask(assertion text, OUT status int, OUT error text, OUT description text) LANGUAGE sql AS $$
    SELECT r.status, r.body::jsonb ->> 'error', r.body::jsonb ->> 'error_description'
    FROM scim.request('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded"}', 'grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=' || assertion) AS r $$;

CREATE FUNCTION pg_temp.wrong(address text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.create_oauth_client('signer', jwks_uri => address);
    RAISE EXCEPTION 'is taken' USING ERRCODE = 'P9999';
EXCEPTION WHEN OTHERS THEN RETURN left(sqlstate || ' ' || sqlerrm, 100);
END $$;
-- key sets that are none
SELECT n, scim.create_oauth_client('signer', jwks) FROM (VALUES (0, '{}'::jsonb)) AS t (n, jwks);
CREATE FUNCTION pg_temp.problem(jwks jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.create_oauth_client('signer', jwks);
    RAISE EXCEPTION 'is taken' USING ERRCODE = 'P9999';
EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT n, pg_temp.problem(jwks) FROM (VALUES
    (1, '[]'::jsonb), (2, '{"keys": {}}'), (3, '{"keys": []}'), (4, '{"keys": [1]}'), (5, '{"keys": [{"kty": "oct", "k": "AAAA"}]}'),
    (6, jsonb_set(:'keys', '{keys,0,d}', '"AAAA"')), (7, '{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}'), (8, '{"keys": [{"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}]}'),
    (9, jsonb_build_object('keys', jsonb_build_array(jsonb_set(:'keys'::jsonb #> '{keys,1}', '{y}', :'keys'::jsonb #> '{keys,1,x}')))),
    (10, jsonb_build_object('keys', jsonb_build_array(jsonb_set(:'keys'::jsonb #> '{keys,0}', '{use}', '"enc"')))),
    (11, jsonb_build_object('keys', jsonb_build_array(:'keys'::jsonb #> '{keys,0}' || '{"key_ops": ["sign"]}'))),
    (12, jsonb_build_object('keys', jsonb_build_array(:'keys'::jsonb #> '{keys,0}' || '{"alg": "RS512"}'))),
    (13, jsonb_build_object('keys', jsonb_build_array(jsonb_set(:'keys'::jsonb #> '{keys,0}', '{e}', '"AQ"')))),
    (14, jsonb_build_object('keys', (SELECT jsonb_agg(:'keys'::jsonb #> '{keys,2}') FROM generate_series(1, 51)))),
    (15, jsonb_set(:'keys', '{keys,0,x5c}', to_jsonb(repeat('x', 65536)))),
    (16, jsonb_set(:'keys', '{keys,3}', '{"kty": "EC", "crv": "P-521", "x": "AAAA", "y": "AAAA"}')),
    (17, jsonb_build_object('keys', jsonb_build_array(:'keys'::jsonb #> '{keys,2}')))) AS t (n, jwks) ORDER BY n;
SELECT * FROM scim.create_oauth_client('signer', jwks_uri => 'http://idp.example/keys');
SELECT * FROM scim.create_oauth_client('signer', jwks_uri => 'https://');
SELECT u, pg_temp.wrong(u) FROM unnest(ARRAY['HTTPS://idp.example/keys', 'https:// idp.example', 'https://idp.example/a b', 'https://idp.exämple/keys', E'https://idp.example/\n', 'https:///keys', 'https://?', 'ftp://x', '']) WITH ORDINALITY a (u, n) ORDER BY n;
SELECT pg_temp.wrong('https://idp.example/' || repeat('x', 2048));
-- under a key whose point is of small order, whoever likes signs: of each such point, in each way to write it
SELECT x, pg_temp.problem(jsonb_build_object('keys', jsonb_build_array(jsonb_build_object('kty', 'OKP', 'crv', 'Ed25519', 'x', translate(encode(decode(x, 'hex'), 'base64'), '+/=', '-_'))))) FROM unnest(ARRAY['0000000000000000000000000000000000000000000000000000000000000000', '0000000000000000000000000000000000000000000000000000000000000080', '0100000000000000000000000000000000000000000000000000000000000000', '0100000000000000000000000000000000000000000000000000000000000080', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff']) x;
SELECT scim.set_sealing_key(jsonb_build_object('kty', 'OKP', 'crv', 'X25519', 'x', translate(encode(decode(x, 'hex'), 'base64'), '+/=', '-_'))) FROM unnest(ARRAY['0000000000000000000000000000000000000000000000000000000000000000']) x;
SELECT scim.set_sealing_key(jsonb_build_object('kty', 'OKP', 'crv', 'X25519', 'x', translate(encode(decode(x, 'hex'), 'base64'), '+/=', '-_'))) FROM unnest(ARRAY['5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157']) x;
SELECT scim.set_sealing_key(jsonb_build_object('kty', 'OKP', 'crv', 'X25519', 'x', translate(encode(decode(x, 'hex'), 'base64'), '+/=', '-_'))) FROM unnest(ARRAY['ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f']) x;

-- a client with keys has no secret
SELECT id, secret FROM scim.create_oauth_client('signer', :'keys') \gset
SELECT hash IS NULL AND secret IS NULL AS no_secret, jsonb_array_length(jwks -> 'keys') AS keys FROM signing.client;
SELECT detail #>> '{after,jwks,keys,0,kid}' AS audited FROM signing.audit WHERE operation = 'create client';
DO $$ BEGIN PERFORM scim.rotate_client(id) FROM signing.client; EXCEPTION WHEN OTHERS THEN RAISE WARNING '% %', sqlstate, regexp_replace(sqlerrm, '".*"', '"..."'); END $$;
SELECT status, body FROM scim.request('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded"}', 'grant_type=client_credentials&client_id=signer&client_secret=x');

-- what is signed as it should be, and what is not
SELECT s.n, s.what, a.status, a.error, a.description FROM signed s, LATERAL pg_temp.ask(s.assertion) AS a ORDER BY s.n;
DELETE FROM signing.client_failure;
SELECT a.* FROM pg_temp.ask('x&client_assertion_type=y') AS a;
SELECT a.* FROM signed s, LATERAL pg_temp.ask(s.assertion || '&client_id=other') AS a WHERE s.what = 'RS256';
SELECT a.* FROM signed s, LATERAL pg_temp.ask(s.assertion || '&client_id=signer') AS a WHERE s.what = 'RS256';
SELECT a.* FROM pg_temp.ask(repeat('x', 20000)) AS a;
SELECT count(*) FROM signing.client_assertion;
-- the key says what it is for
SELECT scim.set_client_keys(:'id'::uuid, jsonb_set(:'keys', '{keys,0,alg}', '"PS256"'));
SELECT s.what, a.description FROM signed s, LATERAL pg_temp.ask(s.assertion) AS a WHERE s.what IN ('RS256', 'PS256') ORDER BY s.n;
SELECT scim.set_client_keys(:'id', :'keys');
SELECT scim.set_client_keys(:'id'::uuid);
SELECT scim.set_client_keys('00000000-0000-7000-8000-000000000001'::uuid, :'keys');
SELECT scim.set_client_keys(:'id'::uuid, '{"keys": []}');
SELECT id AS static FROM scim.create_client('static', 'Bearer') \gset
SELECT set_config('test.id', :'static', false) = '' AS never, set_config('test.keys', :'keys', false) = '' AS ever;
DO $$ BEGIN PERFORM scim.set_client_keys(current_setting('test.id')::uuid, current_setting('test.keys')::jsonb); EXCEPTION WHEN OTHERS THEN RAISE WARNING '% %', sqlstate, regexp_replace(sqlerrm, '"[0-9a-f-]*"', '"..."'); END $$;
-- from a secret to keys
SELECT id AS later, secret FROM scim.create_oauth_client('later') \gset
SELECT (scim.rotate_client(:'later'::uuid)).secret IS NOT NULL AS rotated;
SELECT scim.set_client_keys(:'later'::uuid, :'keys');
SELECT hash, former_hash, former_until, jwks IS NOT NULL AS keys FROM signing.client WHERE name = 'later';

-- by hand
INSERT INTO signing.client (name, scheme, hash, jwks) VALUES ('both', 'OAuth', sha256('x'), :'keys');
INSERT INTO signing.client (name, scheme) VALUES ('neither', 'OAuth');
INSERT INTO signing.client (name, scheme, jwks) VALUES ('wrong', 'OAuth', '{"keys": []}');
INSERT INTO signing.client (name, scheme, jwks) VALUES ('wrong', 'OAuth', '1');
INSERT INTO signing.client (name, scheme, jwks_uri) VALUES ('wrong', 'OAuth', 'ftp://x');
INSERT INTO signing.client (name, scheme, jwks) VALUES ('wrong', 'Bearer', :'keys');
INSERT INTO signing.client (name, scheme, secret) VALUES ('wrong', 'OAuth', 'SCRAM-SHA-256$4096:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=');
UPDATE signing.client SET jwks = '{"keys": [{"kty": "RSA"}]}' WHERE name = 'signer';
UPDATE signing.client SET jwks_fetched_at = 'infinity' WHERE name = 'signer';

-- keys that are fetched: what the relay is given, when, and what becomes of it
SELECT id AS fetched FROM scim.create_oauth_client('fetched', jwks_uri => 'https://idp.example/keys') \gset
SELECT tenant_id, client_id = :'fetched' AS right_one, url FROM scim.next_key_sets();
SELECT count(*) AS at_once FROM scim.next_key_sets();
SELECT s.what, a.error, a.description FROM signed s, LATERAL pg_temp.ask(s.assertion) AS a WHERE s.what = 'RS256';
SELECT scim.keep_key_set(1, :'fetched', 'https://idp.example/keys', '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}') AS problem;
SELECT scim.keep_key_set(1, :'fetched', 'https://idp.example/keys', :'keys') AS problem;
SELECT jsonb_array_length(jwks -> 'keys') AS keys, jwks_fetched_at IS NOT NULL AS fetched, jwks_error FROM signing.client WHERE name = 'fetched';
SELECT operation, actor FROM signing.audit WHERE key = :'fetched' ORDER BY id;
-- the same again changes nothing
SELECT scim.keep_key_set(1, :'fetched', 'https://idp.example/keys', :'keys') AS problem;
SELECT count(*) FROM signing.audit WHERE key = :'fetched';
-- what is no key set, or is from elsewhere by now, leaves those that there are
SELECT n, scim.keep_key_set(1, :'fetched', url, document) AS problem
FROM (VALUES (1, 'https://idp.example/keys', '{"keys": []}'), (2, 'https://idp.example/keys', '<html>'), (3, 'https://idp.example/keys', ''), (4, 'https://idp.example/keys', repeat('[', 100000)), (5, 'https://idp.example/keys', repeat(' ', 65536) || '{}'),
    (6, 'https://idp.example/keys', '{"keys": [], "keys": []}'), (7, 'https://elsewhere.example/keys', '{"keys": []}'), (8, 'https://elsewhere.example/keys', replace(:'keys', '"kid": "r"', '"kid": "x"')), (9, 'https://idp.example/keys', repeat('[', 50))) AS t (n, url, document) ORDER BY n;
SELECT jsonb_array_length(jwks -> 'keys') AS keys, jwks #>> '{keys,0,kid}' AS kid, jwks_error FROM signing.client WHERE name = 'fetched';
SELECT scim.key_set_failed(1, :'fetched', 'https://idp.example/keys', repeat('HTTP 500 ', 1000));
SELECT length(jwks_error) AS error, jwks IS NOT NULL AS keys FROM signing.client WHERE name = 'fetched';
SELECT scim.keep_key_set(1, :'fetched', 'https://idp.example/keys', :'keys') AS problem;
SELECT jwks_error FROM signing.client WHERE name = 'fetched';
-- anew where somebody signs by a key that is not there, not before a minute has gone, and once an hour
UPDATE signing.client SET jwks = jsonb_set(jwks, '{keys,0,kid}', '"x"'), name = CASE name WHEN 'signer' THEN 'other' ELSE 'signer' END WHERE name IN ('signer', 'fetched') AND jwks_uri IS NOT NULL OR name = 'signer';
SELECT a.error FROM signed s, LATERAL pg_temp.ask(s.assertion) AS a WHERE s.what = 'RS256';
SELECT jwks_wanted_at IS NOT NULL AS wanted FROM signing.client WHERE name = 'signer';
SELECT count(*) AS too_soon FROM scim.next_key_sets();
UPDATE signing.client SET jwks_tried_at = now() - interval '61 seconds', jwks_fetched_at = now() - interval '60 seconds' WHERE name = 'signer';
SELECT count(*) AS wanted FROM scim.next_key_sets();
SELECT scim.keep_key_set(1, :'fetched', 'https://idp.example/keys', :'keys') AS problem;
SELECT a.description FROM signed s, LATERAL pg_temp.ask(s.assertion) AS a WHERE s.what = 'RS256';
UPDATE signing.client SET jwks_tried_at = now() - interval '59 minutes', jwks_fetched_at = now() - interval '59 minutes', jwks_wanted_at = now() - interval '2 hours' WHERE name = 'signer';
SELECT count(*) AS not_yet FROM scim.next_key_sets();
UPDATE signing.client SET jwks_tried_at = now() - interval '61 minutes', jwks_fetched_at = now() - interval '61 minutes' WHERE name = 'signer';
SELECT count(*) AS after_an_hour FROM scim.next_key_sets();
-- one that could not be fetched comes after a minute
UPDATE signing.client SET jwks_tried_at = now() - interval '61 seconds' WHERE name = 'signer';
SELECT count(*) AS again FROM scim.next_key_sets();
SELECT scim.revoke_client(:'fetched'::uuid);
UPDATE signing.client SET jwks_tried_at = NULL WHERE name = 'signer';
SELECT count(*) AS of_one_that_is_revoked FROM scim.next_key_sets();
SELECT * FROM scim.next_key_sets(0);
RESET scim.store;
SELECT scim.drop_store('signing', true);
