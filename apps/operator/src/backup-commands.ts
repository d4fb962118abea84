/** `npm run backup`, `backup:keys`, `restore`, `restore:keys` and `restore:release`. */
import { join } from 'node:path';
import { connectTo, releaseDoor } from '@convenant/event-store-postgres';
import { backUpKeys, keyBackupTerm, restoreKeys } from '@convenant/exchange-sealing';
import { keysFolder } from '@convenant/launch';
import { backUp } from './back-up.js';
import { carryOut, productVersion, progressBar, readOptions, type ExitCode, type Terminal } from './command.js';
import { applicationOption, findFolder, findPlace, ownerOption, placeHelp, placeOptions } from './place.js';
import { restore } from './restore.js';

const codes = `
Exit code 0: done. 1: not done, and a sentence says why. 2: an option is not understood. 130: interrupted.
`;

const backupHelp = `npm run backup -- --organisation ID --to FOLDER [options]

Copies the data of one organisation, all of it as it is at one moment, while the service goes on. A folder without manifest.json is no
backup. Keys are not in it (npm run backup:keys), and views are not: they are made anew from the log.

  --to FOLDER            a folder that is not there yet
  --json                 the manifest, on standard output
  --help                 this text

${placeHelp}${codes}`;

export async function backupCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const read = readOptions(args, { options: { ...placeOptions, to: { type: 'string' } } }, backupHelp, terminal);
  if (typeof read === 'number') return read;
  const { to, json, ...values } = read.values;
  if (!to) return (terminal.complain(`Say where to: --to FOLDER.\n\n${backupHelp}`), 2);
  return carryOut(terminal, async () => {
    const place = await findPlace(values, terminal);
    const bar = progressBar();
    try {
      const manifest = await backUp({
        organisation: place.organisation,
        database: place.application ?? place.owner ?? '',
        databaseSetting: place.application === undefined ? ownerOption : applicationOption,
        ...(place.folder === undefined ? {} : { folder: place.folder }),
        to,
        product: productVersion(),
        now: new Date(),
        signal: terminal.signal,
        onProgress: bar.show,
      });
      bar.stop();
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      terminal.print(
        json
          ? JSON.stringify(manifest)
          : `${place.organisation}: ${manifest.eventLog.events} events and ${rows - manifest.eventLog.events} other rows are in ${to}. Back up the keys now, apart from it: npm run backup:keys.`,
      );
    } finally {
      bar.stop();
      await place.close();
    }
  });
}

const backupKeysHelp = `npm run backup:keys -- --organisation ID --to FOLDER [options]

Copies the keys of one organisation and its destruction list. Make it after the backup of the data, so that every key which those data need
is in it, and never in the same place.

  --to FOLDER                a folder that is not there yet, outside any backup of data
  --destruction-list FILE    where the list is, when not in the folder of the keys
  --json                     what was done, on standard output
  --help                     this text

${placeHelp}${codes}`;

export async function backupKeysCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = { ...placeOptions, to: { type: 'string' }, 'destruction-list': { type: 'string' } } as const;
  const read = readOptions(args, { options }, backupKeysHelp, terminal);
  if (typeof read === 'number') return read;
  const { to, json, 'destruction-list': destructionList, ...values } = read.values;
  if (!to) return (terminal.complain(`Say where to: --to FOLDER.\n\n${backupKeysHelp}`), 2);
  return carryOut(terminal, async () => {
    const { organisation, folder } = await findFolder(values, terminal);
    const bar = progressBar();
    try {
      const made = await backUpKeys({
        folder: keysFolder(folder),
        organisation,
        to,
        now: new Date(),
        signal: terminal.signal,
        onProgress: (done, of) => bar.show('keys', done, of),
        ...(destructionList === undefined ? {} : { destructionList }),
      });
      bar.stop();
      const keys = Object.keys(made.keys).length;
      if (json)
        return terminal.print(
          JSON.stringify({ organisation, keys, destroyed: made.destroyed.lines, keepUntil: made.keepUntil }),
        );
      terminal.print(
        `${organisation}: ${keys} keys and a list of ${made.destroyed.lines} destroyed ones are in ${to}.`,
      );
      terminal.print(
        `DESTROY THIS COPY OF THE KEYS BY ${made.keepUntil}: it may be kept ${keyBackupTerm.days} days at most, for whatever is destroyed stays readable as long as it exists.`,
      );
      terminal.print(
        `KEEP ${join(to, 'destroyed')} FOR EVER, apart from the keys: of a restore it comes first, and without it destroyed keys come back.`,
      );
    } finally {
      bar.stop();
    }
  });
}

const restoreKeysHelp = `npm run restore:keys -- --from FOLDER --organisation ID [options]

Puts keys back, the destruction list first: what is on it stays destroyed. Keys that are there already stay as they are. Stop the service
before. A backup that is older than ${keyBackupTerm.days} days is refused.

  --from FOLDER              what npm run backup:keys made
  --newer-list FILE          a newer copy of the destruction list; always name the newest that you have
  --destruction-list FILE    where the list belongs, when not in the folder of the keys
  --json                     what was done, on standard output
  --help                     this text

${placeHelp}${codes}`;

export async function restoreKeysCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const text = { type: 'string' } as const;
  const options = { ...placeOptions, from: text, 'newer-list': text, 'destruction-list': text } as const;
  const read = readOptions(args, { options }, restoreKeysHelp, terminal);
  if (typeof read === 'number') return read;
  const { from, json, 'newer-list': newerList, 'destruction-list': destructionList, ...values } = read.values;
  if (!from) return (terminal.complain(`Say from where: --from FOLDER.\n\n${restoreKeysHelp}`), 2);
  return carryOut(terminal, async () => {
    const { organisation, folder } = await findFolder(values, { ...terminal, makeNew: true });
    const done = await restoreKeys({
      from,
      organisation,
      folder: keysFolder(folder),
      now: new Date(),
      ...(newerList === undefined ? {} : { newerList }),
      ...(destructionList === undefined ? {} : { destructionList }),
    });
    terminal.print(
      json
        ? JSON.stringify({ organisation, ...done })
        : `${organisation}: ${done.restored} keys restored, ${done.kept} were there, ${done.destroyed} stay destroyed.`,
    );
  });
}

const restoreHelp = `npm run restore -- --from FOLDER --organisation ID [options]

Puts a backup of data into an empty database; any other is refused. Stop the service, and restore the destruction list and the keys before
(npm run restore:keys). The service may be started afterwards. Its door is held: nothing is told to partners, only closings go out,
until npm run restore:release. What lies between is in docs/how-to/back-up-and-restore.md.

  --from FOLDER          what npm run backup made
  --json                 what was done, on standard output
  --help                 this text

${placeHelp}  A deployed organisation needs both database URLs: the owner loads, and the name of the service's role gets its rights.
  A local installation that is not there yet is made.
${codes}`;

export async function restoreCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const read = readOptions(args, { options: { ...placeOptions, from: { type: 'string' } } }, restoreHelp, terminal);
  if (typeof read === 'number') return read;
  const { from, json, ...values } = read.values;
  if (!from) return (terminal.complain(`Say from where: --from FOLDER.\n\n${restoreHelp}`), 2);
  return carryOut(terminal, async () => {
    const place = await findPlace(values, { ...terminal, makeNew: true });
    const bar = progressBar();
    try {
      const { owner, application, folder, organisation } = place;
      if (!owner || !application) throw new Error('A restore needs both --database and --database-owner.');
      const done = await restore({
        organisation,
        from,
        owner,
        applicationRole: decodeURIComponent(new URL(application).username),
        ...(folder === undefined ? {} : { folder }),
        now: new Date(),
        signal: terminal.signal,
        onProgress: bar.show,
      });
      bar.stop();
      const { backup, series, epoch, earlierAnchor } = done;
      if (json)
        return terminal.print(
          JSON.stringify({
            organisation,
            backedUpAt: backup.madeAt,
            events: backup.eventLog.events,
            series,
            epoch,
            ...(earlierAnchor ? { earlierAnchor } : {}),
          }),
        );
      terminal.print(
        `${organisation}: ${backup.eventLog.events} events as of ${backup.madeAt}; the log goes on in epoch ${epoch}.`,
      );
      if (folder === undefined)
        terminal.print(
          'Without --folder the head of the access log was not put back: the service will not write on until access-log.head fits.',
        );
      if (earlierAnchor)
        terminal.print(
          `The head of the access log that stood there is kept as ${earlierAnchor}. What was logged after the backup is gone: say so to your privacy officer.`,
        );
      terminal.print(
        'THE DOOR IS HELD. Go on with docs/how-to/back-up-and-restore.md; npm run restore:release opens it.',
      );
    } finally {
      bar.stop();
      await place.close();
    }
  });
}

const releaseHelp = `npm run restore:release -- --organisation ID [options]

Opens the door of a restored organisation: whoever runs this says that the steps of docs/how-to/back-up-and-restore.md were done. The
running service takes it up by itself, goes through its log once more, and tells partners what they may be told now.

  --json                 what was done, on standard output
  --help                 this text

${placeHelp}  It needs the owner's URL: a service cannot release its own door.
${codes}`;

export async function releaseCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const read = readOptions(args, { options: placeOptions }, releaseHelp, terminal);
  if (typeof read === 'number') return read;
  const { json, ...values } = read.values;
  return carryOut(terminal, async () => {
    const place = await findPlace(values, terminal);
    try {
      if (!place.owner) throw new Error('Releasing needs --database-owner.');
      const name = `convenant release ${place.organisation}`;
      const client = await connectTo({ url: place.owner, name, settingName: ownerOption });
      const released = await releaseDoor(client, new Date().toISOString()).finally(() => client.end());
      if (json) terminal.print(JSON.stringify({ organisation: place.organisation, released }));
      else
        terminal.print(
          released ? `${place.organisation}: the door is open.` : `${place.organisation}: the door was not held.`,
        );
    } finally {
      await place.close();
    }
  });
}
