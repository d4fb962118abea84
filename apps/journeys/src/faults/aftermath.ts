/** What there is to see once everybody has stopped dying: through the gateway, and in the databases, logs and lanes behind it. */
import { join } from 'node:path';
import { verifyAccessLogs, type OrganisationVerdict } from '@convenant/access-log-postgres';
import { openPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import { JoseSigner } from '@convenant/exchange-sealing';
import { anchorFile, openKeys } from '@convenant/launch';
import { pause, type Person } from '../story/person.js';
import type { Acknowledged, Cast, PartnerId } from './compact-story.js';

/** Nothing of an answer is typed by hand here: what matters is compared as it came. */
type Fields = Readonly<Record<string, unknown>>;
type Rows = readonly Fields[];

export interface AgencyFile {
  readonly trajectory: Fields;
  readonly profiles: Rows;
  readonly contacts: Rows;
  readonly employerContacts: Rows;
  readonly jobs: Rows;
  readonly summaries: Rows;
}
export interface Page {
  readonly coverage: Rows;
  readonly ended: Rows;
  readonly identity: Rows;
  readonly trajectory: Rows;
  readonly profile: Rows;
  readonly jobs: readonly { readonly jobs: Rows }[];
  readonly progress: readonly { readonly summaries: Rows }[];
}
export interface ConsentLine {
  readonly consentId: string;
  readonly version: number;
  readonly state: string;
  readonly recipient: PartnerId;
  readonly granted: readonly { readonly category: string }[];
  readonly closings: readonly { readonly how: string; readonly outstanding: boolean; readonly proof: string | null }[];
}
export interface SentLine {
  readonly messageId: string;
  readonly recipient: string;
  readonly contract: string;
  readonly consentId: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}
export interface Aftermath {
  readonly file: AgencyFile;
  readonly consents: readonly ConsentLine[];
  readonly sent: readonly SentLine[];
  readonly pages: Readonly<Record<PartnerId, Page>>;
}

const jobFields = 'occupation regularPaid contract hoursPerWeek startedOn endedOn';
const summaryFields = 'on hoursPerWeek regularity supportNeeded';
const fileQuery = `query($clientId: ID!) { clientFile(clientId: $clientId) {
  trajectory { state referredOn intakeOn } profiles { profileId workWish preferences hoursWanted writtenOn }
  contacts { contactId on note } employerContacts { contactId employer } jobs { jobId ${jobFields} } summaries { summaryId ${summaryFields} } } }`;
const consentQuery = `query { myConsents { consents { consentId version state recipient granted { category } closings { how outstanding proof } } } }`;
const sentQuery = `query { myDisclosures { sent { messageId recipient contract consentId fields { name value } } } }`;
const pageQuery = `query($clientId: ID!) { receivedAboutClient(clientId: $clientId) { coverage { discloser } ended { discloser } identity { familyName dateOfBirth }
  trajectory { state referredOn intakeOn } profile { workWish preferences hoursWanted writtenOn } jobs { jobs { ${jobFields} } } progress { summaries { ${summaryFields} } } } }`;

export async function readAftermath(
  { client, clientId, at, withdrawn }: Acknowledged,
  { specialist, labourExpert, clientManager }: Cast,
): Promise<Aftermath> {
  /** In the end, and not at once: a partner that may know is asked again until it knows, for half a minute at most. */
  const page = async (reader: Person, partner: PartnerId): Promise<Page> => {
    for (const from = performance.now(); ; await pause(250)) {
      const found = await reader.ask<Page>('receivedAboutClient', pageQuery, { clientId: at[partner] });
      if (partner === withdrawn || found.coverage.length > 0 || performance.now() - from > 30_000) return found;
    }
  };
  const { consents } = await client.ask<{ consents: readonly ConsentLine[] }>('myConsents', consentQuery);
  const { sent } = await client.ask<{ sent: readonly SentLine[] }>('myDisclosures', sentQuery);
  return {
    file: await specialist.ask<AgencyFile>('clientFile', fileQuery, { clientId }),
    consents,
    sent,
    pages: {
      uwv: await page(labourExpert, 'uwv'),
      'gemeente-amstelveld': await page(clientManager, 'gemeente-amstelveld'),
    },
  };
}

export interface BehindIt {
  readonly waiting: readonly string[];
  readonly parked: readonly string[];
  readonly logs: readonly OrganisationVerdict[];
}

/** Waits until no lane has anything left to hand over, or for half a minute; then says what waits, what is parked, and how the logs are. */
export async function lookBehind(
  databases: Readonly<Record<string, OrganisationDatabase>>,
  dataFolder: string,
): Promise<BehindIt> {
  const opened = await Promise.all(
    Object.entries(databases).map(async ([organisation, { application }]) => ({
      organisation,
      ...(await openPostgres({ database: { application }, organisation, poolSize: 1 })),
    })),
  );
  try {
    const waitingNow = async () =>
      (
        await Promise.all(
          opened.map(async ({ organisation, ledger }) =>
            (await ledger.waitingLanes()).map(({ lane }) => `${organisation}: ${lane}`),
          ),
        )
      ).flat();
    let waiting = await waitingNow();
    for (
      const from = performance.now();
      waiting.length > 0 && performance.now() - from < 30_000;
      waiting = await waitingNow()
    )
      await pause(100);
    const parked = await Promise.all(
      opened.map(async ({ ledger }) => (await ledger.parked()).map(({ type, reason }) => `${type}: ${reason}`)),
    );
    const logs = await verifyAccessLogs({
      organisations: await Promise.all(
        opened.map(async ({ organisation, pool }) => {
          const folder = join(dataFolder, organisation);
          const own = await openKeys(folder, organisation);
          const signer = new JoseSigner(own, (id) => (id === organisation ? own.published : undefined));
          return {
            id: organisation,
            pool,
            anchorFile: anchorFile(folder),
            verifyHead: (text: string) => signer.verify(text, organisation),
          };
        }),
      ),
    });
    return { waiting, parked: parked.flat(), logs };
  } finally {
    await Promise.all(opened.map(({ close }) => close()));
  }
}
