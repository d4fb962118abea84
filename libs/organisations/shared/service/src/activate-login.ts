/** A client or her representative gets a login of her own: a code on a letter that works once, together with the client's date of birth. */
import { representationBases, type StaffRole } from '@convenant/consent';
import { defineCommand, type AnyCommand, type CommandContext } from '@convenant/host';
import { staffRefusals } from '@convenant/identity';
import { addDays, fold } from '@convenant/kernel';
import {
  accessEvents,
  accessRefusals,
  accessStream,
  activationCodes,
  clientAccess,
  clientRecordEvents,
  clientStream,
  isSameKind,
  login,
  loginEvents,
  loginRefusals,
  loginStream,
  type Access,
  type IssuedCode,
} from '@convenant/shared-domain';
import { z } from 'zod';
import { holdsHerself } from './assign-colleagues.js';
import { herself, type SharedOptions } from './shared-options.js';

/** Long enough for a letter to arrive and an evening to sit down with it. */
const daysToUseACode = 30;

export const issueActivationCode = ({ registerBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'issueActivationCode',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      for: z.enum(['client', 'representative']),
      basis: z.enum(representationBases).optional(),
    }),
    by: registerBy,
    about: 'client',
    access: { event: 'create', action: 'C', activity: 'client-access' },
    refusals: { ...accessRefusals, 'not-yours-to-arrange': staffRefusals['not-yours-to-arrange'] },
    async handle({ clientId, for: as, basis }, context) {
      const { at, ports, session } = context;
      // Whoever stands in, looks along or shares a caseload hands nobody a key.
      if (!holdsHerself(context)) return { refused: 'not-yours-to-arrange' };
      const code = legible(ports.ids.derive('activation-code', ports.random.secret()));
      const codeDigest = await ports.sealer.lookupDigest(plain(code));
      const ran = await context.run(accessEvents, clientAccess, accessStream(clientId), {
        type: 'IssueActivationCode',
        clientId,
        codeDigest,
        expiresAt: addDays(at, daysToUseACode),
        as,
        ...(as === 'client' || basis === undefined ? {} : { basis }),
        issuedBy: session.person,
        issuedByRole: session.role as StaffRole,
        at,
      });
      if ('refused' in ran) return ran;
      // A repeated request finds the first code recorded, and that one was shown to whoever asked first. Asked of the stream: when both were
      // under way at once, the store took one for the other, and only the code that it kept opens anything.
      const isKept = (await accessOf(clientId, context)).codes[codeDigest] !== undefined;
      return { done: { id: clientId, ...(isKept ? { code } : {}) } };
    },
  });

export const activateLogin: AnyCommand = defineCommand({
  name: 'activateLogin',
  input: z.strictObject({ requestId: z.uuid(), code: z.string().min(1).max(100), dateOfBirth: z.iso.date() }),
  by: herself,
  about: 'login',
  access: { event: 'create', action: 'C', activity: 'client-access' },
  refusals: { ...accessRefusals, ...loginRefusals },
  async handle({ requestId, code, dateOfBirth }, context) {
    const { at, ports, session } = context;
    const codeDigest = await ports.sealer.lookupDigest(plain(code));
    const known = fold(login, await context.history(loginEvents, loginStream(session.person)));
    await context.upToDate();
    // Used codes are found too: a request that was cut off after the code was used goes on where it stopped.
    const clientId = (await context.views.get(activationCodes, codeDigest))?.clientId;
    if (clientId === undefined) return { refused: 'code-unknown' };
    const issued = (await accessOf(clientId, context)).codes[codeDigest];
    if (issued?.as !== session.role) return { refused: 'code-unknown' };
    if (known.clientId !== undefined && known.clientId !== clientId)
      return { refused: 'login-belongs-to-another-client' };
    const dateMatches = (await bornOn(clientId, context)) === dateOfBirth;
    // The same request is one try; the same request with another date is another try.
    const tryId = await ports.sealer.lookupDigest(`try ${requestId} ${dateOfBirth}`);
    const use = { type: 'UseActivationCode', codeDigest, sub: session.person, tryId, dateMatches, at } as const;
    const used = await context.run(accessEvents, clientAccess, accessStream(clientId), use, {
      client: clientId,
      cause: dateMatches ? 'use' : `try ${tryId}`,
    });
    if ('refused' in used) return used;
    if (!dateMatches) return { refused: 'date-does-not-match' };
    return activate(clientId, issued, context);
  },
});

const accessOf = async (clientId: string, context: CommandContext): Promise<Access> =>
  fold(clientAccess, await context.history(accessEvents, accessStream(clientId)));

/** As her own record has it now. */
async function bornOn(clientId: string, context: CommandContext): Promise<string | undefined> {
  const record = (await context.history(clientRecordEvents, clientStream(clientId))).at(-1);
  const opened = record && (await context.ports.sealer.open(record.dateOfBirth));
  return opened === undefined || typeof opened === 'string' ? undefined : opened.value;
}

/** One login lives per client, and one per ground of a representative: the newest takes the place of those before it. */
async function activate(clientId: string, code: IssuedCode, context: CommandContext) {
  const { at, session } = context;
  const { as, basis, codeDigest } = code;
  const ofThisKind = async (): Promise<readonly IssuedCode[]> => {
    const { codes, used } = await accessOf(clientId, context);
    return used.flatMap((digest) => codes[digest] ?? []).filter((each) => isSameKind(each, code));
  };
  const isNewest = (all: readonly IssuedCode[]): boolean => all.at(-1)?.codeDigest === codeDigest;
  const end = (sub: string) =>
    context.run(
      loginEvents,
      login,
      loginStream(sub),
      { type: 'EndLogin', by: 'replaced', at },
      { client: clientId, cause: `replaced by ${codeDigest}` },
    );

  const before = await ofThisKind();
  const known = fold(login, await context.history(loginEvents, loginStream(session.person)));
  if (!isNewest(before) && !known.codes.includes(codeDigest)) return { refused: 'login-ended' };
  if (isNewest(before))
    for (const { usedBy } of before) if (usedBy !== undefined && usedBy !== session.person) await end(usedBy);
  const activated = await context.run(
    loginEvents,
    login,
    loginStream(session.person),
    {
      type: 'ActivateLogin',
      sub: session.person,
      clientId,
      as,
      ...(basis === undefined ? {} : { basis }),
      codeDigest,
      at,
    },
    { client: clientId, cause: 'activate' },
  );
  if ('refused' in activated) return activated;
  // Somebody with a newer code may have come in between, too early to find this login there.
  const after = await ofThisKind();
  if (!isNewest(after) && after.at(-1)?.usedBy !== session.person) await end(session.person);
  return { done: {} };
}

/** Twenty signs in groups that can be read aloud. */
const legible = (id: string): string =>
  (id.replaceAll('-', '').slice(0, 20).toUpperCase().match(/.{5}/g) ?? []).join('-');
const plain = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, '');
