"""An SMSC that we did not write: the server of the PyPI package smpp34.

Takes every text, gives each a message id, and sends a receipt for it. Prints its port, then, each
time a line is read from standard input, how many texts came, to how many numbers, how many of those
were texted more than once, and how many characters the texts have.
"""

import asyncio
import os
import socket
import sys
import threading

import smpp34


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def receipt_text(message_id):
    return (
        f"id:{message_id} sub:001 dlvrd:001 submit date:2611231200 "
        "done date:2611231201 stat:DELIVRD err:000 text:"
    ).encode("ascii")


class Account:
    def __init__(self):
        self.texted = {}
        self.texts = 0
        self.characters = set()
        self.sessions = {}
        self.receipts = asyncio.Queue()

    def take(self, event):
        number = event.destination_addr
        self.texts += 1
        self.texted[number] = self.texted.get(number, 0) + 1
        assert event.data_coding == 8, event.data_coding
        self.characters.add(len(event.short_message.decode("utf-16-be")))
        message_id = f"{self.texts:08x}"
        event.accept(message_id)
        if event.registered_delivery & 1:
            self.receipts.put_nowait((event.session_id, number, event.source_addr, message_id))

    def figures(self):
        twice = sum(1 for times in self.texted.values() if times > 1)
        characters = sorted(self.characters)
        return f"{self.texts} {len(self.texted)} {twice} {characters}"


async def send_receipts(account):
    while True:
        session_id, number, sender, message_id = await account.receipts.get()
        session = account.sessions.get(session_id)
        if session is None:
            continue
        try:
            await session.deliver_sm(
                sender,
                receipt_text(message_id),
                source_addr=number,
                esm_class=4,
                tlvs=[
                    smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, message_id.encode("ascii") + b"\0"),
                    smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, bytes([2])),
                ],
            )
        except smpp34.SmppError:
            # The client signed off before this receipt: its next session would get it.
            continue


def answer_questions(account):
    while sys.stdin.readline():
        print(account.figures(), flush=True)
    # Nobody asks any more: the test is over.
    os._exit(0)


async def main():
    account = Account()
    port = free_port()
    server = smpp34.Server("127.0.0.1", port)
    await server.start()
    print(port, flush=True)
    threading.Thread(target=answer_questions, args=(account,), daemon=True).start()
    workers = [asyncio.create_task(send_receipts(account)) for _ in range(32)]
    while all(not worker.done() for worker in workers):
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            account.sessions[event.session_id] = event
        elif isinstance(event, smpp34.SubmitSmEvent):
            account.take(event)
    for worker in workers:
        if worker.done():
            worker.result()


asyncio.run(main())
