/** The body of `npm run access-log:verify`: goes through the log of every organisation and names the first record that is wrong. */
import { parseArgs } from 'node:util';
import { faults, verifyStore, type FirstBad, type Verdict, type VerifyHead } from '@convenant/access-log';
import { SingleBar } from 'cli-progress';
import type { Pool } from 'pg';
import { FileHeadAnchor } from './file-head-anchor.js';
import { PostgresAccessLogStore } from './postgres-access-log-store.js';
import { sha256 } from './sha256.js';

export interface LoggedOrganisation {
  readonly id: string;
  /** Any role that may read the tables of the log. */
  readonly pool: Pool;
  readonly anchorFile: string;
  /** Checks with the public key of this organisation. */
  readonly verifyHead: VerifyHead;
}

export interface VerifyProgress {
  readonly organisation: string;
  readonly records: number;
  readonly total: number;
}

export type OrganisationVerdict = { readonly organisation: string } & (
  Verdict | { readonly ok: false; readonly unreadable: string }
);

export interface VerifyAccessLogsOptions {
  readonly organisations: readonly LoggedOrganisation[];
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/** One after another, in little memory whatever their length. A log that cannot be read is an answer too, and never "ok". */
export async function verifyAccessLogs({
  organisations,
  onProgress,
}: VerifyAccessLogsOptions): Promise<readonly OrganisationVerdict[]> {
  const verdicts: OrganisationVerdict[] = [];
  for (const { id, pool, anchorFile, verifyHead } of organisations) {
    let total = 0;
    const report = (records: number): void => onProgress?.({ organisation: id, records, total });
    try {
      const verdict = await verifyStore(new PostgresAccessLogStore(pool), new FileHeadAnchor(anchorFile), {
        organisation: id,
        hash: sha256,
        verifyHead,
        onBounds: ({ highestRecord }) => {
          total = highestRecord;
          report(0);
        },
        onLink: (_link, records) => report(records),
      });
      verdicts.push({ organisation: id, ...verdict });
    } catch (error) {
      verdicts.push({
        organisation: id,
        ok: false,
        unreadable: error instanceof Error ? error.message : 'unknown error',
      });
    }
  }
  return verdicts;
}

export const verifyHelp = `npm run access-log:verify -- [options]

Goes through the access log of every organisation and checks each record, each link of the chain, each
signature, and the head that is kept outside the database.

  --organisation <id>   this organisation only; may be given more than once
  --json                one JSON object instead of sentences
  --help                this text

Exit code 0: every log is as it was written. 1: a record is wrong (it is named), or a log cannot be read.
2: an option is not understood.
`;

export interface VerifyCommand extends Pick<VerifyAccessLogsOptions, 'organisations'> {
  readonly args: readonly string[];
  /** Takes whole lines for standard output. */
  readonly print: (text: string) => void;
  /** Takes complaints about the options for standard error. */
  readonly complain: (text: string) => void;
}

/** Returns the exit code. Progress goes to standard error, and only when that is a terminal. */
export async function runVerifyCommand({ args, organisations, print, complain }: VerifyCommand): Promise<0 | 1 | 2> {
  const options = readOptions(args);
  if ('wrong' in options) return (complain(`${options.wrong}\n\n${verifyHelp}`), 2);
  if (options.help) return (print(verifyHelp), 0);
  const unknown = options.organisation.filter((id) => organisations.every((each) => each.id !== id));
  if (unknown.length) {
    const known = organisations.map(({ id }) => id).join(', ');
    return (complain(`Unknown organisation: ${unknown.join(', ')}. There are: ${known}.`), 2);
  }

  const chosen = organisations.filter(
    ({ id }) => options.organisation.length === 0 || options.organisation.includes(id),
  );
  const bar = new SingleBar({
    format: '{organisation} {bar} {value}/{total} records, {eta_formatted} left',
    clearOnComplete: true,
  });
  let shown = '';
  const verdicts = await verifyAccessLogs({
    organisations: chosen,
    onProgress: ({ organisation, records, total }) => {
      if (organisation !== shown) bar.start(total, 0, { organisation });
      shown = organisation;
      bar.update(records, { organisation });
    },
  });
  bar.stop();
  const ok = verdicts.every((verdict) => verdict.ok);
  if (options.json) print(JSON.stringify({ ok, organisations: verdicts }));
  else for (const verdict of verdicts) print(inWords(verdict));
  return ok ? 0 : 1;
}

type Options =
  | { readonly json: boolean; readonly help: boolean; readonly organisation: readonly string[] }
  | { readonly wrong: string };

function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        organisation: { type: 'string', multiple: true },
      },
    });
    return { json: values.json ?? false, help: values.help ?? false, organisation: values.organisation ?? [] };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

function inWords(verdict: OrganisationVerdict): string {
  if ('unreadable' in verdict) return `${verdict.organisation}: cannot be read: ${verdict.unreadable}`;
  if (verdict.ok) return `${verdict.organisation}: ok, ${verdict.records} records in ${verdict.links} links`;
  return `${verdict.organisation}: WRONG at ${place(verdict.firstBad)}: ${faults[verdict.firstBad.why]} (${verdict.linksBefore} links before it are in order)`;
}

function place({ link, log, record, recordId }: FirstBad): string {
  if (record === undefined) return link === 0 ? 'the anchor' : `link ${link}`;
  const named = recordId === undefined ? '' : ` (${recordId})`;
  return `${log === 'processing' ? 'processing ' : ''}record ${record}${named}${link === 0 ? '' : ` in link ${link}`}`;
}
