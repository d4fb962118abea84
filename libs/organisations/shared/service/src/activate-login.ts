/** A client or her representative gets a login of her own: a code on a letter that works once. */
import { defineCommand, type AnyCommand } from '@convenant/host';
import { addDays, fold } from '@convenant/kernel';
import {
  accessEvents,
  accessRefusals,
  accessStream,
  activationCodes,
  clientAccess,
  login,
  loginEvents,
  loginRefusals,
  loginStream,
} from '@convenant/shared-domain';
import { z } from 'zod';
import { herself, type SharedOptions } from './shared-options.js';

/** Long enough for a letter to arrive and an evening to sit down with it. */
const daysToUseACode = 30;

export const issueActivationCode = ({ staff }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'issueActivationCode',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      for: z.enum(['client', 'representative']),
      basis: z.string().trim().min(1).max(200).optional(),
    }),
    by: staff,
    about: 'client',
    access: { event: 'create', action: 'C', activity: 'client-access' },
    refusals: accessRefusals,
    async handle({ clientId, for: as, basis }, context) {
      const { at, ports } = context;
      const code = legible(ports.ids.derive('activation-code', ports.random.secret()));
      const codeDigest = await ports.sealer.lookupDigest(plain(code));
      const command = {
        clientId,
        codeDigest,
        expiresAt: addDays(at, daysToUseACode),
        as,
        ...(basis === undefined ? {} : { basis }),
        at,
      };
      const ran = await context.run(accessEvents, clientAccess, accessStream(clientId), {
        type: 'IssueActivationCode',
        ...command,
      });
      if ('refused' in ran) return ran;
      // A repeated request finds the first code recorded, and that one was shown to whoever asked first.
      const isFirst = ran.accepted.some((event) => event.codeDigest === codeDigest);
      return { done: { id: clientId, ...(isFirst ? { code } : {}) } };
    },
  });

export const activateLogin: AnyCommand = defineCommand({
  name: 'activateLogin',
  input: z.strictObject({ requestId: z.uuid(), code: z.string().min(1).max(100) }),
  by: herself,
  about: 'login',
  access: { event: 'create', action: 'C', activity: 'client-access' },
  refusals: { ...accessRefusals, ...loginRefusals },
  async handle({ code }, context) {
    const { at, ports, session } = context;
    const codeDigest = await ports.sealer.lookupDigest(plain(code));
    const known = fold(login, await context.history(loginEvents, loginStream(session.person)));
    await context.upToDate();
    // A used code is found by nobody but the login that used it.
    const clientId = (await context.views.get(activationCodes, codeDigest))?.clientId ?? known.clientId;
    if (clientId === undefined) return { refused: 'code-unknown' };
    const issued = fold(clientAccess, await context.history(accessEvents, accessStream(clientId))).codes[codeDigest];
    if (issued?.as !== session.role) return { refused: 'code-unknown' };
    if (known.ended) return { refused: 'login-ended' };
    if (known.clientId !== undefined && known.clientId !== clientId)
      return { refused: 'login-belongs-to-another-client' };
    const used = await context.run(
      accessEvents,
      clientAccess,
      accessStream(clientId),
      { type: 'UseActivationCode', codeDigest, sub: session.person, at },
      { client: clientId },
    );
    if ('refused' in used) return used;
    const { as, basis } = issued;
    const activate = {
      type: 'ActivateLogin',
      sub: session.person,
      clientId,
      as,
      ...(basis === undefined ? {} : { basis }),
      at,
    } as const;
    const activated = await context.run(loginEvents, login, loginStream(session.person), activate, {
      client: clientId,
    });
    return 'refused' in activated ? activated : { done: {} };
  },
});

/** Twenty signs in groups that can be read aloud. */
const legible = (id: string): string =>
  (id.replaceAll('-', '').slice(0, 20).toUpperCase().match(/.{5}/g) ?? []).join('-');
const plain = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, '');
