/** A client is registered by the person who starts working with her, and her details are corrected when something was wrong. */
import { clientRelations, relationEvents, relationsStream } from '@convenant/identity';
import { defineCommand, type AnyCommand, type CommandContext } from '@convenant/host';
import {
  ClientRegistered,
  clientDetailsInput,
  clientRecord,
  clientRecordEvents,
  clientRecordRefusals,
  clientStream,
  dateRefusals,
  isStillToCome,
  nameForMatching,
  sealFields,
  type ClientDetails,
} from '@convenant/shared-domain';
import { z } from 'zod';
import { answered } from './carried-out.js';
import { ownWork, type SharedOptions } from './shared-options.js';

const refusals = { ...clientRecordRefusals, 'date-in-future': dateRefusals['date-in-future'] };

export const registerClient = ({ kind, registerBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'registerClient',
    input: z.strictObject({ requestId: z.uuid(), ...clientDetailsInput.shape }),
    by: registerBy,
    about: 'client',
    relation: 'none',
    // The same request makes the same client, so a repeated one finds her registered.
    clientOf: async ({ requestId }, { ports, session }) => ports.ids.derive('client', session.person, requestId),
    access: { event: 'create', action: 'C', activity: ownWork[kind] },
    refusals,
    async handle({ requestId: _requestId, ...details }, context) {
      const { client: clientId, at, session, ports } = context;
      if (isStillToCome(details.dateOfBirth, at)) return { refused: 'date-in-future' };
      const record = { type: 'RegisterClient', clientId, ...(await stored(clientId, details, context)), at } as const;
      const registered = await context.run(clientRecordEvents, clientRecord, clientStream(clientId), record);
      if ('refused' in registered) return registered;
      await context.run(relationEvents, clientRelations, relationsStream(clientId), {
        type: 'BeginRelation',
        relationId: ports.ids.derive('relation', clientId, session.person),
        holder: { person: session.person, role: session.role },
        kind: 'personal',
        from: at,
        at,
      });
      return { done: { id: clientId } };
    },
  });

export const correctClientDetails = ({ kind, staff }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'correctClientDetails',
    input: z.strictObject({ requestId: z.uuid(), clientId: z.string(), ...clientDetailsInput.shape }),
    by: staff,
    about: 'client',
    access: { event: 'enter', action: 'U', activity: ownWork[kind] },
    refusals,
    async handle({ requestId, clientId, ...details }, context) {
      if (isStillToCome(details.dateOfBirth, context.at)) return { refused: 'date-in-future' };
      const correctionId = context.ports.ids.derive('correction', context.session.person, requestId);
      const sealed = await stored(clientId, details, context);
      const { at } = context;
      return answered(
        await context.run(clientRecordEvents, clientRecord, clientStream(clientId), {
          type: 'CorrectClientDetails',
          clientId,
          correctionId,
          ...sealed,
          at,
        }),
        clientId,
      );
    },
  });

/** The details as they are kept: sealed under her key, with the digests by which she is found again. */
async function stored(clientId: string, details: ClientDetails, { ports: { sealer } }: CommandContext) {
  return {
    ...(await sealFields(sealer, clientId, ClientRegistered, details)),
    nameDigest: await sealer.lookupDigest(nameForMatching(details)),
    ...(details.bsn === undefined ? {} : { bsnDigest: await sealer.lookupDigest(`bsn ${details.bsn}`) }),
  };
}
