/** A whole caseload or named clients change hands in one act; the successor confirms each client (U13). */
import type { Role } from '@convenant/consent';
import { defineCommand, hostRefusals, type AnyCommand, type SystemContext } from '@convenant/host';
import {
  clientRelationRefusals,
  clientRelations,
  gatherRelationFacts,
  handOverToConfirm,
  heldRelations,
  mayArrange,
  relationEvents,
  relationsStream,
  staff,
  staffEvents,
  staffRefusals,
  staffStream,
  whoWorksWithWhom,
} from '@convenant/identity';
import { z } from 'zod';
import { answered } from './carried-out.js';
import { ownWork, person, type SharedOptions } from './shared-options.js';

export const handOverCaseload = (options: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'handOverCaseload',
    input: z.strictObject({
      requestId: z.uuid(),
      person: person.optional(),
      role: z.enum(options.staff as [Role, ...Role[]]).optional(),
      to: person,
      clients: z.array(z.string()).min(1).max(500).optional(),
    }),
    by: [...new Set([...options.staff, ...options.leads])],
    about: 'organisation',
    access: { event: 'enter', action: 'U', activity: ownWork[options.kind] },
    refusals: { ...staffRefusals, 'nobody-found': hostRefusals['nobody-found'] },
    async handle({ person: predecessor, role: held, to, clients: named }, context) {
      const { at, session, ports, requestId } = context;
      const whose = predecessor ?? session.person;
      const role = held ?? session.role;
      const by = { person: session.person, role: session.role };
      // Before anything is looked up: otherwise the answer would tell whose caseload somebody is on.
      if (!mayArrange(by, whose)) return { refused: 'not-yours-to-arrange' };
      const handOverId = ports.ids.derive('hand-over', session.person, requestId);
      const command = { handOverId, person: whose, role, to, by, at };
      // A repeated request finds its first answer, although these clients are no longer the predecessor's.
      const known = (await context.history(staffEvents, staffStream(whose))).find(
        (event) => event.type === 'CaseloadHandedOver' && event.handOverId === handOverId,
      );
      const clients = known?.type === 'CaseloadHandedOver' ? known.clients : await heldBy(whose, role, named, context);
      if (!clients) return { refused: 'nobody-found' };
      return answered(
        await context.run(staffEvents, staff, staffStream(whose), { type: 'HandOverCaseload', ...command, clients }),
        handOverId,
      );
    },
  });

/** The named clients, or all; `undefined` when one of those named is not held by this person in this role. */
async function heldBy(
  whose: string,
  role: string,
  named: readonly string[] | undefined,
  context: SystemContext,
): Promise<readonly string[] | undefined> {
  await context.upToDate();
  const candidates =
    named ??
    (await context.views.find(whoWorksWithWhom, 'holder', `person:${whose}`)).flatMap(({ row }) => row.clientId ?? []);
  const held = await Promise.all(
    [...new Set(candidates)].sort().map(async (client) => {
      const facts = await gatherRelationFacts(context.ports.store, client, { person: whose, role, now: context.at });
      const isHers = heldRelations(facts, context.at).some(
        (each) => each.kind === 'personal' && each.person === whose && each.role === role,
      );
      return isHers ? [client] : [];
    }),
  );
  if (named && held.some((each) => each.length === 0)) return undefined;
  return held.flat();
}

export const confirmTakenOver = (options: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'confirmTakenOver',
    input: z.strictObject({ requestId: z.uuid(), clientId: z.string() }),
    by: options.staff,
    about: 'client',
    access: { event: 'enter', action: 'U', activity: ownWork[options.kind] },
    refusals: clientRelationRefusals,
    async handle({ clientId }, context) {
      const { at, session, ports, relation } = context;
      const question = { person: session.person, role: session.role, now: at };
      const handOver = handOverToConfirm(await gatherRelationFacts(ports.store, clientId, question), question);
      // She confirmed before: there is nothing left to confirm.
      if (!handOver)
        return relation?.kind === 'personal' ? { done: { id: clientId } } : { refused: 'not-the-successor' };
      const command = { type: 'ConfirmRelation', handOver, by: session.person, at } as const;
      return answered(await context.run(relationEvents, clientRelations, relationsStream(clientId), command), clientId);
    },
  });
