"""Amounts and times of the real payloads of Stripe, EasyPost, AfterShip and Zendesk, read here by other means and compared
with what the mapping made of them. Arguments: the channel and the folder of its payloads. Says what differs; 1 where something does."""
import datetime
import decimal
import json
import os
import subprocess
import sys

wrong = []


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def mapped(channel, path, *more):
    run = subprocess.run(["oms-map", "-q", f"--channel={channel}", "--format=jsonl", *more, path], capture_output=True, text=True, check=False)
    return [json.loads(line) for line in run.stdout.splitlines()]


def same(where, what, want, got):
    if want != got:
        wrong.append(f"{where}: {what}: the payload says {want!r}, the event {got!r}")


def utc(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def epoch(seconds):
    return utc(datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc))


def iso(text):
    head, _, fraction = text.replace("Z", "+00:00").partition(".")
    if fraction:  # no more than the microseconds that python reads
        digits, zone = fraction.split("+")
        head = f"{head}.{digits[:6]}+{zone}"
    return utc(datetime.datetime.fromisoformat(head))


def dollars(cents):
    return str((decimal.Decimal(cents) / 100).quantize(decimal.Decimal("0.01")))


def stripe(path, where):
    """All published samples are in US dollars."""
    document = load(path)
    thing = document["data"]["object"] if document["object"] == "event" else document
    events = mapped("stripe", path)
    kind = thing["object"]
    if thing.get("currency") is None:
        same(where, "events", 0, len(events))
        return
    refunds = (thing.get("refunds") or {}).get("data", [])
    same(where, "events", 1 + len(refunds), len(events))
    first, body = events[0], events[0]["body"]
    same(where, "currency", thing["currency"].upper(), body["currency"])
    same(where, "amount", dollars(thing["amount_total"] if kind == "checkout.session" else thing["amount"]), body["amount"])
    same(where, "occurred_at", epoch(document["created"]), first["occurred_at"])
    if document["object"] == "event":
        same(where, "id", document["id"], first["id"])
    if "livemode" in thing:
        same(where, "test", not thing["livemode"], first.get("test", False))
    if kind == "charge":
        paid = thing["paid"]
        taken = thing.get("amount_captured", thing["amount"]) if thing["captured"] else 0
        same(where, "captured", dollars(taken if paid else 0), body["captured"])
        same(where, "authorized", dollars(thing["amount"] if paid else 0), body["authorized"])
        same(where, "refunded", dollars(thing["amount_refunded"]), body["refunded"])
        same(where, "status", "succeeded" if paid else "failed", body["status"])
        same(where, "at", epoch(thing["created"]), body["at"])
        same(where, "last4", ((thing.get("payment_method_details") or {}).get("card") or thing["source"])["last4"], body["last4"])
        same(where, "error", thing["failure_message"], body.get("error"))
    if kind == "payment_intent":
        same(where, "captured", dollars(thing["amount_received"]), body["captured"])
    if kind == "dispute":
        same(where, "due_at", epoch(thing["evidence_details"]["due_by"]), body["due_at"])
        same(where, "payment_ref", thing["charge"], body["payment_ref"])
    for refund, event in zip(refunds, events[1:]):
        same(where, "refund", (refund["id"], dollars(refund["amount"]), epoch(refund["created"])), (event["body"]["id"], event["body"]["amount"], event["body"]["at"]))


def aftership(path, where):
    data = load(path)["data"]
    tracking = data.get("tracking", data)
    scans = tracking.get("checkpoints") or ([tracking["checkpoint"]] if "checkpoint" in tracking else [])
    words = {"InfoReceived": "pre_transit", "InTransit": "in_transit", "OutForDelivery": "out_for_delivery", "Delivered": "delivered", "Pending": "unknown"}
    want = [(iso(s["checkpoint_time"]), words[s["tag"]], s["message"]) for s in scans]
    if not scans:
        want = [(iso(tracking["updated_at"]), words[tracking["tag"]], tracking["subtag_message"])]
    events = mapped("aftership", path)
    same(where, "scans", want, [(e["body"]["at"], e["body"]["code"], e["body"]["message"]) for e in events])
    same(where, "numbers", {tracking["tracking_number"]}, {e["body"]["tracking_number"] for e in events})
    late = tracking.get("latest_estimated_delivery")
    same(where, "eta", iso(late["datetime"]) if late else None, events[-1]["body"].get("eta_at"))


def easypost(path, where):
    document = load(path)
    events = mapped("easypost", path)
    if isinstance(document, list):
        same(where, "refunds", [(r["shipment_id"], r["tracking_code"], iso(r["updated_at"])) for r in document],
             [(e["body"]["id"], e["body"]["tracking_numbers"][0], e["occurred_at"]) for e in events])
        return
    if document.get("object") == "Event" and "result" not in document:
        same(where, "events", [], events)
        return
    shipment = document if document.get("object") == "Shipment" else None
    trackers = [shipment["tracker"]] if shipment else document.get("trackers") or [document.get("result", document)]
    if shipment:
        first = events.pop(0)
        same(where, "shipment", (shipment["id"], shipment["tracking_code"], shipment["selected_rate"]["service"], iso(shipment["updated_at"])),
             (first["body"]["id"], first["body"]["tracking_numbers"][0], first["body"]["service"], first["occurred_at"]))
        same(where, "status", "cancelled" if shipment["refund_status"] else "released", first["body"]["status"])
    want = [(t["tracking_code"], iso(s["datetime"]), s["status"], s["message"]) for t in trackers for s in t["tracking_details"]]
    same(where, "scans", want, [(e["body"]["tracking_number"], e["body"]["at"], e["body"]["code"], e["body"]["message"]) for e in events])
    same(where, "test", {trackers[0]["mode"] == "test"} if events else set(), {e.get("test", False) for e in events})
    if not shipment:
        same(where, "eta", iso(trackers[-1]["est_delivery_date"]), events[-1]["body"]["eta_at"])


def zendesk(path, where):
    document = load(path)
    events = mapped("zendesk", path, "--topic=tickets/4/comments") if "comments" in document else mapped("zendesk", path)
    if "comments" in document:
        same(where, "comments", [(str(c["id"]), c["body"], iso(c["created_at"]), "4") for c in document["comments"]],
             [(e["body"]["id"], e["body"]["text"], e["body"]["at"], e["body"]["ticket"]) for e in events])
        return
    ticket = document.get("ticket") or document.get("detail")
    if not ticket:
        same(where, "events", [], events)
        return
    body = events[0]["body"]
    same(where, "events", 1, len(events))
    same(where, "ticket", (str(ticket["id"]), ticket["subject"], ticket["status"].lower(), iso(ticket["created_at"]), iso(ticket["updated_at"]), ticket["tags"]),
         (body["id"], body["subject"], body["status"], body["created_at"], body["updated_at"], body["tags"]))
    same(where, "occurred_at", iso(document.get("time") or ticket["updated_at"]), events[0]["occurred_at"])


def main():
    channel, folder = sys.argv[1:3]
    read = {"stripe": stripe, "aftership": aftership, "easypost": easypost, "zendesk": zendesk}[channel]
    files = sorted(os.listdir(folder))
    for name in files:
        read(os.path.join(folder, name), name)
    print(*wrong, f"{len(files)} files, {len(wrong)} differences", sep="\n")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
