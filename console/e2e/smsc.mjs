// A small SMPP 3.4 gateway on the loopback address, for watching notices arrive: it takes every account, answers,
// sends receipts, says of some texts that nobody can be reached, and hangs up on some without an answer, which is
// what leaves a notice in doubt.
import { createServer } from 'node:net';

const [SUBMIT, DELIVER, UNBIND, ENQUIRE, ANSWER] = [4, 5, 6, 0x15, 0x80000000];
const BINDS = [1, 2, 9];

function pdu(command, sequence, body = Buffer.alloc(0), status = 0) {
  const head = Buffer.alloc(16);
  [16 + body.length, command, status, sequence].forEach((word, at) => head.writeUInt32BE(word >>> 0, at * 4));
  return Buffer.concat([head, body]);
}

const string = (text) => Buffer.from(`${text}\0`, 'latin1');

/** Reads what a receipt needs of a submit_sm: from whom, to whom, which reference, which part of how many. */
function submitted(body) {
  let at = 0;
  const text = () => {
    const end = body.indexOf(0, at);
    const value = body.toString('latin1', at, end);
    at = end + 1;
    return value;
  };
  text();
  at += 2;
  const from = text();
  at += 2;
  const to = text();
  const isLong = (body[at] & 0x40) !== 0;
  at += 3;
  text();
  text();
  at += 4;
  const length = body[at];
  const content = body.subarray(at + 1, at + 1 + length);
  at += 1 + length;
  let reference = Buffer.alloc(0);
  while (at + 4 <= body.length) {
    const size = body.readUInt16BE(at + 2);
    if (body.readUInt16BE(at) === 0x0204) reference = body.subarray(at, at + 4 + size);
    at += 4 + size;
  }
  return { from, to, reference, part: isLong ? content[5] : 1 };
}

function receipt(message, id, isDelivered) {
  const word = isDelivered ? 'DELIVRD' : 'UNDELIV';
  const text = Buffer.from(`id:${id} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:${word} err:000 text:`);
  return Buffer.concat([
    Buffer.from([0, 0, 1]), string(message.to), Buffer.from([0, 1]), string(message.from),
    Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 0, text.length]), text,
    Buffer.from([0, 0x1e, 0, id.length + 1]), string(id), Buffer.from([4, 0x27, 0, 1, isDelivered ? 2 : 5]), message.reference
  ]);
}

/** Starts it. `slowMs` is how long an answer takes; `hangsUpAt` the text at which it hangs up, once. */
export async function smsc({ slowMs = 0, hangsUpAt = 0, failsEvery = 0 } = {}) {
  const seen = { texts: 0, people: new Map(), hangsUpAt };
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    let held = Buffer.alloc(0);
    let sequence = 0;
    const say = (bytes) => !socket.destroyed && socket.write(bytes);
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 16 && held.length >= held.readUInt32BE(0)) {
        const length = held.readUInt32BE(0);
        take(held.readUInt32BE(4), held.readUInt32BE(12), held.subarray(16, length));
        held = held.subarray(length);
      }
    });
    function take(command, number, body) {
      if (command >= ANSWER) return;
      if (BINDS.includes(command)) say(pdu((command | ANSWER) >>> 0, number, string('gateway')));
      else if (command === ENQUIRE || command === UNBIND) say(pdu((command | ANSWER) >>> 0, number));
      else if (command !== SUBMIT) say(pdu(ANSWER, number, undefined, 3));
      else taken(number, submitted(body));
    }
    function taken(number, message) {
      seen.texts += 1;
      if (seen.texts === seen.hangsUpAt) return socket.destroy();
      if (message.part <= 1) seen.people.set(message.to, (seen.people.get(message.to) ?? 0) + 1);
      const id = String(seen.texts);
      const isDelivered = !failsEvery || seen.texts % failsEvery !== 0;
      setTimeout(() => {
        say(pdu((SUBMIT | ANSWER) >>> 0, number, string(id)));
        say(pdu(DELIVER, (sequence += 1), receipt(message, id, isDelivered)));
      }, slowMs);
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    seen,
    port: server.address().port,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  };
}
