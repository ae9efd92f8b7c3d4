#!/usr/bin/env python3
"""Keys, transactions, a lease, a lock and the changes of a volume, with nothing but requests.

    python3 kv.py http://127.0.0.1:8000 VOLUME
"""
import json
import sys
import threading

import requests

API, VOLUME = sys.argv[1].rstrip("/"), sys.argv[2]
KV, LEASES = f"{API}/kv/{VOLUME}", f"{API}/leases/{VOLUME}"
CHANGES, LOG = f"{API}/changes/{VOLUME}", f"{API}/log/{VOLUME}"
http = requests.Session()


def call(method, url, **arguments):
    answer = http.request(method, url, timeout=70, **arguments)
    if not answer.ok:
        problem = answer.json()
        raise RuntimeError(f"{problem['type']}: {problem['detail']}")
    return answer


# Put answers what was there before, and whether there was anything.
call("DELETE", f"{KV}/config/limit")
assert call("PUT", f"{KV}/config/limit", data="10").json()["existed"] is False
put = call("PUT", f"{KV}/config/limit", data="20").json()
assert put["previous"]["value"] == "10"
assert call("GET", f"{KV}/config/limit").text == "20"

# Compare and swap, by value or by version.
swap = call("POST", f"{KV}/config/limit?op=cas", json={"expectedValue": "20", "value": "30"}).json()
assert swap["swapped"]
late = call("POST", f"{KV}/config/limit?op=cas", json={"expectedVersion": put["version"], "value": "40"}).json()
assert not late["swapped"] and late["current"]["value"] == "30"

# A transfer: both accounts or none.
call("PUT", f"{KV}/account/a", data="100")
call("PUT", f"{KV}/account/b", data="0")
moved = call("POST", f"{KV}?op=txn", json={
    "compare": [{"key": "account/a", "value": "100"}],
    "then": [{"kind": "increment", "key": "account/a", "by": -30},
             {"kind": "increment", "key": "account/b", "by": 30}],
    "else": [{"kind": "get", "key": "account/a"}]}).json()
assert moved["succeeded"] and [r["number"] for r in moved["results"]] == [70, 30]

# Pages of keys, in order.
accounts = call("GET", KV, params={"prefix": "account/"}).json()["items"]
print({item["key"]: item["value"] for item in accounts})

# Follow the changes in another thread: from a position, none missing, none twice. `next` is where to go on.
here = call("GET", CHANGES).json()["next"]
seen = []


def follow(position):
    while len(seen) < 3:
        page = call("GET", CHANGES, params={"since": position, "prefix": "watched/", "wait": "20s"}).json()
        seen.extend(page["items"])
        position = page["next"]


follower = threading.Thread(target=follow, args=(here,))
follower.start()

# A key that goes with its lease; keep it alive with POST, or let it end.
lease = call("POST", LEASES, json={"ttlMs": 2000}).json()["lease"]
call("PUT", f"{KV}/watched/me", params={"lease": lease}, data="here")
call("POST", f"{LEASES}/{lease}")
call("PUT", f"{KV}/watched/you", data="there")
follower.join(30)
print([(change["kind"], change["key"]) for change in seen])
assert [change["kind"] for change in seen] == ["put", "put", "expired"]

# The same as server-sent events, from a change that was seen; a client that comes again sends the last id.
events = http.get(CHANGES, stream=True, timeout=70,
                  headers={"Accept": "text/event-stream", "Last-Event-ID": seen[0]["id"]})
for line in events.iter_lines(chunk_size=1, decode_unicode=True):
    if line.startswith("data: "):
        print("event", json.loads(line[6:])["key"])
        break
events.close()

# The replicated log itself.
print("leader", call("GET", LOG).json()["leader"])
index = call("POST", f"{LOG}/commands", json={"kind": "put", "key": "k", "value": "v"}).json()["index"]
assert call("GET", f"{LOG}/commands/{index}/commit", params={"wait": "5s"}).json()["committed"]
assert call("GET", f"{LOG}/commands/{index}").json()["command"] == {"kind": "put", "key": "k", "value": "v"}
commits = call("GET", f"{LOG}/commands", params={"since": index - 1}).json()
print("committed since:", [c["command"]["kind"] for c in commits["items"]])
