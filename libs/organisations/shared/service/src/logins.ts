/** Which logins and codes open a client's page: she sees them all, and ends what she does not want there. */
import type { Role } from '@convenant/consent';
import { defineCommand, defineQuery, type AnyCommand, type AnyQuery, type SystemContext } from '@convenant/host';
import { fold, isBefore } from '@convenant/kernel';
import {
  accessEvents,
  accessRefusals,
  accessStream,
  clientAccess,
  login,
  loginEvents,
  loginRefusals,
  loginStream,
  openedBy,
  type IssuedCode,
} from '@convenant/shared-domain';
import { z } from 'zod';
import { basisInWords } from './in-words.js';
import type { SharedOptions } from './shared-options.js';

const access = { event: 'read', action: 'R', activity: 'client-access' } as const;

async function loginLine(code: IssuedCode, context: SystemContext) {
  const { codeDigest, as, basis, issuedAt, issuedByRole, expiresAt, usedBy, tries } = code;
  const account = usedBy === undefined ? [] : await context.history(loginEvents, loginStream(usedBy));
  const opened = openedBy(codeDigest, account);
  const state = opened?.isOpen
    ? 'in-use'
    : opened || code.endedAt !== undefined
      ? 'ended'
      : isBefore(context.at, expiresAt)
        ? 'waiting'
        : 'expired';
  return {
    loginId: codeDigest,
    as,
    basis,
    basisInWords: basis && basisInWords[basis],
    state,
    issuedAt,
    issuedByRole,
    expiresAt,
    since: opened?.since,
    endedAt: opened?.endedAt ?? code.endedAt,
    wrongTries: tries.length,
  };
}
async function loginsOf(client: string, context: SystemContext) {
  const { codes } = fold(clientAccess, await context.history(accessEvents, accessStream(client)));
  return Promise.all(Object.values(codes).map((code) => loginLine(code, context)));
}

export const myLogins: AnyQuery = defineQuery({
  name: 'myLogins',
  args: z.strictObject({}),
  by: ['client'],
  about: 'client',
  purpose: 'support',
  access,
  answer: (_args, context) => loginsOf(context.client, context),
});

/** For who issues codes, to end one when the client asks for that at the desk. */
export const logins = ({ registerBy }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'logins',
    args: z.strictObject({ clientId: z.string() }),
    by: registerBy,
    about: 'client',
    purpose: 'support',
    access,
    answer: (_args, context) => loginsOf(context.client, context),
  });

export const endLogin = ({ registerBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'endLogin',
    input: z.strictObject({ requestId: z.uuid(), clientId: z.string().optional(), loginId: z.string().optional() }),
    by: ['client', ...registerBy] as Role[],
    about: 'client',
    access: { event: 'enter', action: 'U', activity: 'client-access' },
    refusals: { ...loginRefusals, ...accessRefusals },
    async handle({ loginId }, context) {
      const { at, client, session } = context;
      const { codes, used } = fold(clientAccess, await context.history(accessEvents, accessStream(client)));
      // Without a name it is the login that she speaks through.
      const digest = loginId ?? used.findLast((each) => codes[each]?.usedBy === session.person);
      const code = digest !== undefined && Object.hasOwn(codes, digest) ? codes[digest] : undefined;
      if (!code) return { refused: 'login-unknown' };
      if (code.usedBy === undefined) {
        const end = { type: 'EndActivationCode', codeDigest: code.codeDigest, at } as const;
        const ended = await context.run(accessEvents, clientAccess, accessStream(client), end);
        return 'refused' in ended ? ended : { done: { id: code.codeDigest } };
      }
      const account = loginStream(code.usedBy);
      // What that code opened is over; what a newer one opened is another line of her list.
      if (openedBy(code.codeDigest, await context.history(loginEvents, account))?.isOpen === false)
        return { done: { id: code.codeDigest } };
      const by = session.role === 'client' ? 'client' : 'staff';
      const ended = await context.run(loginEvents, login, account, { type: 'EndLogin', by, at });
      return 'refused' in ended ? ended : { done: { id: code.codeDigest } };
    },
  });
