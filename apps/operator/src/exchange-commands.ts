/** `npm run parked` and `npm run lanes:again`: what operators see and do about messages. The running service does the work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgres } from '@convenant/event-store-postgres';
import type { ExchangeLedger, ParkedMessage } from '@convenant/exchange';
import { localOrganisations } from '@convenant/identity-local-provider';
import { carryOut, readOptions, type ExitCode, type Terminal } from './command.js';
import {
  applicationOption,
  findPlace,
  ownerOption,
  placeHelp,
  placeOptions,
  type Place,
  type PlaceValues,
} from './place.js';

const parkedHelp = `npm run parked -- list [options]
npm run parked -- redrive ID|--all [options]

Lists the messages that the inbox could not handle, and asks the running service to handle them again. Contents are never shown: the type,
the sender and the reason say what to mend.

  --all                  every message that is parked
  --wait SECONDS         how long to wait for the service; 0 only asks        15
  --json                 one JSON object on standard output
  --help                 this text

${placeHelp}  Without --organisation every organisation of the local installation is listed.

Exit code 0: listed, or everything that was asked is handled. 1: something is still parked, or it could not be done. 2: an option is not
understood. 130: interrupted.
`;

export async function parkedCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = { ...placeOptions, all: { type: 'boolean' }, wait: { type: 'string' } } as const;
  const read = readOptions(args, { options, allowPositionals: true }, parkedHelp, terminal);
  if (typeof read === 'number') return read;
  const { json = false, all = false, wait = '15', ...values } = read.values;
  const [what, ...ids] = read.positionals;
  const asked = what === 'list' ? ids.length === 0 && !all : what === 'redrive' && all !== ids.length > 0;
  if (!asked || !/^\d{1,4}$/.test(wait)) return (terminal.complain(parkedHelp), 2);
  return carryOut(terminal, async () => {
    const found = await eachLedger(values, terminal, async (organisation, ledger) => {
      if (what === 'list') return { organisation, parked: (await ledger.parked()).map(shown), unknown: [] };
      return { organisation, ...(await redrive(ledger, all ? undefined : ids, Number(wait) * 1000, terminal)) };
    });
    if (what === 'list') {
      if (json) return terminal.print(JSON.stringify({ organisations: found }));
      for (const { organisation, parked } of found) {
        terminal.print(`${organisation}: ${parked.length} parked`);
        for (const { messageId, sender, type, reason, since } of parked)
          terminal.print(`  ${messageId}  from ${sender}  ${type}  ${reason}  since ${since}`);
      }
      return 0;
    }
    // An id that nobody knows is wrong; one that another of several organisations has parked is not.
    const unknown = ids.filter((id) => found.every((each) => each.unknown.includes(id)));
    const left = found.flatMap((each) =>
      each.parked.map((message) => ({ organisation: each.organisation, ...message })),
    );
    if (json) terminal.print(JSON.stringify({ stillParked: left, unknown }));
    else {
      for (const id of unknown) terminal.print(`${id} is not parked.`);
      for (const { organisation, messageId, reason } of left)
        terminal.print(`${organisation}: ${messageId} is still parked: ${reason}`);
      if (left.length + unknown.length === 0) terminal.print('Everything that was asked is handled.');
      else if (left.length > 0) terminal.print('A service that does not run takes it up when it is started.');
    }
    return left.length + unknown.length === 0 ? 0 : 1;
  });
}

interface Shown {
  readonly messageId: string;
  readonly sender: string;
  readonly type: string;
  readonly reason: string;
  readonly since: string;
}
const shown = ({ messageId, sender, type, reason, at }: ParkedMessage): Shown => ({
  messageId,
  sender,
  type,
  reason,
  since: at,
});

/** Asks, then waits until the service has tried. */
async function redrive(
  ledger: ExchangeLedger,
  wanted: readonly string[] | undefined,
  waitMs: number,
  { signal }: Terminal,
): Promise<{ readonly parked: readonly Shown[]; readonly unknown: readonly string[] }> {
  const asked: string[] = [];
  const unknown: string[] = [];
  for (const id of wanted ?? (await ledger.parked()).map(({ messageId }) => messageId))
    ((await ledger.askRedrive(id)) ? asked : unknown).push(id);
  for (const from = performance.now(); performance.now() - from < waitMs; await sleep(200, undefined, { signal })) {
    const untried = await ledger.redrivesAsked();
    if (!asked.some((id) => untried.includes(id))) break;
  }
  return { parked: (await ledger.parked()).filter(({ messageId }) => asked.includes(messageId)).map(shown), unknown };
}

const againHelp = `npm run lanes:again -- --organisation ID --to PARTNER [options]

Sends a partner everything again that it ever got from this organisation: for a partner that was restored from a backup and asks for it.
What it still has it answers at once, and that goes no further; what she withdrew meanwhile goes as a number without anything in it.

  --to PARTNER           the partner that was restored
  --json                 what was done, on standard output
  --help                 this text

${placeHelp}
Exit code 0: done; the running service sends. 1: not done, and a sentence says why. 2: an option is not understood.
`;

export async function lanesAgainCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const read = readOptions(args, { options: { ...placeOptions, to: { type: 'string' } } }, againHelp, terminal);
  if (typeof read === 'number') return read;
  const { to, json, ...values } = read.values;
  if (!to) return (terminal.complain(`Say to which partner: --to PARTNER.\n\n${againHelp}`), 2);
  if (!values.organisation && !terminal.env.ORGANISATION_ID)
    return (terminal.complain(`Say which organisation: --organisation ID.\n\n${againHelp}`), 2);
  return carryOut(terminal, async () => {
    const [done] = await eachLedger(values, terminal, async (organisation, ledger) => ({
      organisation,
      to,
      lanes: await ledger.sendAgain(to),
    }));
    if (!done) return 1;
    if (json) terminal.print(JSON.stringify(done));
    else terminal.print(`${done.organisation}: ${done.lanes} lanes to ${to} are sent again.`);
    return 0;
  });
}

/** One after another, over whichever database each of them has; a deployed organisation is always one. */
async function eachLedger<Answer>(
  values: PlaceValues,
  { env }: Terminal,
  work: (organisation: string, ledger: ExchangeLedger) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const one = values.organisation ?? env.ORGANISATION_ID ?? '';
  const organisations = one === '' ? localOrganisations.map(({ id }) => id) : [one];
  const answers: Answer[] = [];
  for (const organisation of organisations) {
    const place = await findPlace({ ...values, organisation }, { env });
    try {
      answers.push(await withLedger(place, (ledger) => work(organisation, ledger)));
    } finally {
      await place.close();
    }
  }
  return answers;
}

async function withLedger<Answer>(place: Place, work: (ledger: ExchangeLedger) => Promise<Answer>): Promise<Answer> {
  const { organisation, application = place.owner ?? '' } = place;
  const opened = await openPostgres({
    database: { application },
    organisation: `${organisation} operator`,
    poolSize: 1,
    settingName: place.application === undefined ? ownerOption : applicationOption,
    ownerSettingName: 'ORGANISATION_DATABASE_OWNER_URL of the service',
  });
  try {
    return await work(opened.ledger);
  } finally {
    await opened.close();
  }
}
