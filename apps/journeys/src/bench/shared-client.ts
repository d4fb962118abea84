/** Clients of an agency whose partners may be told about them: registered everywhere, asked, introduced and recognised. */
import { setTimeout as sleep } from 'node:timers/promises';
import { disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import { fold, run as carryOut } from '@convenant/kernel';
import type { LaunchedOrganisation } from '@convenant/launch';
import { ProfileWritten, profileEvents, profileStream, vocationalProfile } from '@convenant/mental-health-domain';
import { sealFields } from '@convenant/shared-domain';
import type { Run } from './benchmark.js';
import { inTurns } from './measuring.js';
import { Colleague, synthetic } from './organisations.js';

/** For all clients together. */
const patienceMs = 300_000;

export interface Recipient {
  readonly id: string;
  readonly roles: readonly string[];
  /** Answers by what she is known there. */
  register(person: ReturnType<typeof synthetic>): Promise<string>;
  settle(): Promise<void>;
}
export interface SharedClient {
  readonly clientId: string;
  /** At each recipient, by its id. */
  readonly knownAs: Readonly<Record<string, string>>;
}

/** Resolves when every recipient has recognised every client and was told her profile. */
export async function shareClients(
  run: Run,
  agency: LaunchedOrganisation,
  recipients: readonly Recipient[],
  count: number,
): Promise<readonly SharedClient[]> {
  const caseManager = new Colleague(agency, 'case-manager', 'caseManager');
  let done = 0;
  const clients = await inTurns(
    Array.from({ length: count }, (_, number) => number),
    8,
    async (number): Promise<SharedClient> => {
      run.progress('clients give their consent', done++, count);
      const person = synthetic(number);
      const knownAs = Object.fromEntries(
        await Promise.all(
          recipients.map(async (recipient) => [recipient.id, await recipient.register(person)] as const),
        ),
      );
      const { id: clientId = '' } = await caseManager.does('registerClient', person);
      await writeProfile(agency, await sealedProfile(agency, clientId, 0));
      for (const { id, roles } of recipients) {
        const scope = { recipient: id, roles, purpose: 'support', categories: ['K1', 'K3'] };
        const { id: consentId } = await caseManager.does('proposeConsent', { clientId, ...scope });
        await caseManager.does('answerConsent', {
          clientId,
          consentId,
          answer: 'yes',
          categories: scope.categories,
          method: 'paper',
          evidence: 'bench',
        });
      }
      return { clientId, knownAs };
    },
    run.signal,
  );
  let told = 0;
  const until = performance.now() + patienceMs;
  await inTurns(clients, 8, async ({ clientId }) => {
    while (!(await isTold(agency, clientId, recipients.length))) {
      if (performance.now() > until) throw new Error('The partners are not told about every client.');
      await sleep(50, undefined, { signal: run.signal });
    }
    run.progress('partners are told', ++told, count);
  });
  await Promise.all([agency.service, ...recipients].map((each) => each.settle()));
  return clients;
}

async function isTold({ ports }: LaunchedOrganisation, clientId: string, recipients: number): Promise<boolean> {
  const stored = await ports.store.read(disclosureStream(clientId));
  const { disclosed } = fold(
    disclosure,
    stored.map((event) => disclosureEvents.decode(event)),
  );
  // Who she is, and her profile.
  return Object.keys(disclosed).length === 2 * recipients;
}

export type SealedProfile = Awaited<ReturnType<typeof sealedProfile>>;
/** Sealed beforehand, so that what is measured begins at the recording. Another number makes another profile. */
export async function sealedProfile({ ports }: LaunchedOrganisation, clientId: string, number: number) {
  const content = {
    workWish: `werken in een kas of een tuin, zo mogelijk dicht bij huis (${number})`,
    preferences: ['overdag', 'op de fiets te bereiken'],
    experience: 'eerder twee jaar gewerkt als tuinder',
    hoursWanted: 16,
  };
  return { clientId, number, ...(await sealFields(ports.sealer, clientId, ProfileWritten, content)) };
}

/** Recorded through the memory of the service, as a command is. Resolves once the fact is committed. */
export async function writeProfile({ ports, service }: LaunchedOrganisation, profile: SealedProfile): Promise<void> {
  const { clientId, number, ...fields } = profile;
  const at = ports.clock.now();
  const profileId = `profile-${clientId}-${number}`;
  const written = await carryOut(
    service.store,
    profileStream(clientId),
    profileEvents,
    vocationalProfile,
    { type: 'WriteProfile', profileId, clientId, writtenOn: '2026-01-05', writtenBy: 'specialist', at, ...fields },
    {
      ids: ports.ids,
      meta: {
        at,
        actor: { kind: 'person', person: 'specialist', role: 'employmentSpecialist' },
        cause: profileId,
        client: clientId,
      },
    },
  );
  if ('refused' in written) throw new Error(`A profile was refused: ${written.refused}.`);
}
