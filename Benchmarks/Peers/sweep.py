"""Reads root, systems collection and system of many BMCs with a peer's library and a thread pool.

Prints the wall and processor seconds of the sweep alone, without the interpreter's start.
"""
import concurrent.futures
import resource
import sys
import time


def with_redfish(url, authority):
    import redfish

    client = redfish.redfish_client(
        base_url=url, username="", password="", cafile=authority, timeout=30, max_retry=1)
    systems = client.get(client.root["Systems"]["@odata.id"])
    return client.get(systems.dict["Members"][0]["@odata.id"]).dict["PowerState"]


def with_sushy(url, authority):
    import sushy

    root = sushy.Sushy(url, auth=sushy.auth.BasicAuth("user", "password"), verify=authority)
    return root.get_system_collection().get_members()[0].power_state.value


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    peer, authority, threads, addresses = sys.argv[1:]
    look = {"redfish": with_redfish, "sushy": with_sushy}[peer]
    __import__(peer)
    with open(addresses, encoding="utf-8") as file:
        urls = file.read().split()
    wall, cpu = time.monotonic(), processor_seconds()
    with concurrent.futures.ThreadPoolExecutor(int(threads)) as pool:
        states = list(pool.map(lambda url: look(url, authority), urls))
    wall, cpu = time.monotonic() - wall, processor_seconds() - cpu
    wrong = [state for state in states if state != "On"]
    if wrong:
        sys.exit(f"{len(wrong)} of {len(states)} BMCs were not read: {wrong[0]}")
    print(f"sweep {wall:.3f} {cpu:.3f} end", flush=True)


main()
