/** Guards of the lanes: order, numbers and receipts, and that nothing there waits for ever. */
const core = 'libs/platform/exchange/core/src';
const shared = 'libs/organisations/shared/service/src';
const race = `${shared}/withdrawal-race.spec.ts`;
const partners = `${shared}/partner-messages.spec.ts`;
const afterRestore = 'libs/platform/testing/src/exchange/after-restore.spec.ts';
const laneOrder = 'libs/platform/testing/src/exchange/lanes.spec.ts';
const together = 'libs/platform/testing/src/exchange/receipts.spec.ts';

export const laneGuards = [
  {
    id: 'lanes-in-order',
    rule: 2,
    guard: 'A message that overtook another of its lane waits for it',
    file: `${core}/inbox.ts`,
    from: "if (number > upTo + 1) return { handled: 'waits' };",
    to: '',
    tests: [partners],
  },
  {
    id: 'lanes-are-counted',
    rule: 2,
    guard: 'An old message of a lane that comes again is not handled again',
    file: `${core}/inbox.ts`,
    from: "if (number <= upTo) return { handled: 'kept', receipt: upTo, again: true };",
    to: '',
    tests: [partners],
  },
  {
    id: 'receipts-of-the-recipient-alone',
    rule: 2,
    guard: 'A partner receipts what was sent to it, and nothing of others',
    file: 'libs/platform/event-store/memory/src/exchange-ledger.ts',
    from: 'if (!found?.items.some(({ item }) => item.recipient === recipient)) return undefined;',
    to: 'if (!found) return undefined;',
    tests: [partners],
  },
  {
    id: 'silent-transport-is-given-up',
    rule: 5,
    guard: 'A transport that never settles holds up the lanes of its recipient for a while, and not for ever',
    file: `${core}/send-or-give-up.ts`,
    from: 'await Promise.race([transport.send(recipient, message), givenUp.promise]).finally(cancel);',
    to: 'await transport.send(recipient, message).finally(cancel);',
    tests: [laneOrder],
  },
  {
    id: 'silent-transport-of-a-receipt-is-given-up',
    rule: 5,
    guard: 'A transport that never settles holds up the receipts to its recipient for a while, and not for ever',
    file: `${core}/receipts.ts`,
    from: 'await sendOrGiveUp(ports, sender.id, signed).catch(() => undefined);',
    to: 'await ports.transport.send(sender.id, signed).catch(() => undefined);',
    tests: [together],
  },
  {
    id: 'receipts-of-withdrawals-wait-for-nothing',
    rule: 5,
    guard: 'What is urgent is receipted at once, whatever is still to be receipted to the same partner',
    file: `${core}/inbox.ts`,
    from: 'alone: urgent || again',
    to: 'alone: again',
    tests: [together],
  },
  {
    id: 'old-releases-hear-every-receipt',
    rule: 2,
    guard: 'What comes again is receipted by itself, for a sender who reads no further than the first lane',
    file: `${core}/inbox.ts`,
    from: 'alone: urgent || again',
    to: 'alone: urgent',
    tests: [together],
  },
  {
    id: 'withdrawals-wait-for-nothing',
    rule: 5,
    guard: 'A withdrawal has a lane of its own: it waits neither for nor behind another message',
    file: `${core}/outgoing.ts`,
    from: "message.contract.kind === 'control' && message.contract.urgent ?",
    to: "message.contract.kind === 'control' && message.contract.name === '' ?",
    tests: [race],
  },
  {
    id: 'withdrawals-have-room',
    rule: 5,
    guard: 'However many lanes of a recipient are busy, its withdrawals do not wait for them',
    file: `${core}/lanes.ts`,
    from: 'const name = isUrgent(lane) ? `urgent ${recipient}` : recipient;',
    to: 'const name = recipient;',
    tests: [laneOrder],
  },
  {
    id: 'held-door-lets-urgent-go',
    rule: 2,
    guard: 'After a restore what waits in ordinary lanes stays there, whoever wakes them',
    file: `${core}/lanes.ts`,
    from: 'const others = held ? [] :',
    to: 'const others =',
    tests: [laneOrder],
  },
  {
    id: 'restored-lanes-count-anew',
    rule: 10,
    guard: 'What a restored organisation sends is never taken for what a partner already has',
    file: `${core}/door.ts`,
    from: 'lane: laneOf(organisation.id, message, series),',
    to: 'lane: laneOf(organisation.id, message),',
    tests: [afterRestore],
  },
];
