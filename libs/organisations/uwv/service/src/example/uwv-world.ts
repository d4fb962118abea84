/** Anna at UWV and at an agency that tells about her; who works with her at UWV, and what she allowed. Where the specs of this service begin. */
import type { Role } from '@convenant/consent';
import { uwvService } from '../uwv.service.js';
import { treatingSide } from './treating-side.js';

/** What a spec hands in: the world that it made of these organisations. */
export const uwvOrganisations = { 'ggz-amstel': treatingSide, uwv: uwvService };
interface AnyPerson {
  does(command: string, input?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  succeeds(command: string, input?: Readonly<Record<string, unknown>>): Promise<string>;
  reads<Answer = never>(query: string, args?: Readonly<Record<string, unknown>>): Promise<Answer>;
}
interface AnyWorld {
  organisation(id: string): { as(person: string, role: Role): AnyPerson };
}
type OrganisationIn<W extends AnyWorld> = ReturnType<W['organisation']>;
type PersonIn<W extends AnyWorld> = ReturnType<OrganisationIn<W>['as']>;

export const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };
const support = { recipient: 'uwv', roles: ['insurancePhysician', 'labourExpert'], purpose: 'support' };

/** Wil (labour expert), Pia (physician) and Ben (benefits adviser) work with Anna at UWV; she has a login at both. */
export async function uwvWorld<W extends AnyWorld>(world: W) {
  const at = (id: string) => world.organisation(id) as OrganisationIn<W>;
  const [ggz, uwv] = [at('ggz-amstel'), at('uwv')];
  const person = (who: string, role: Role) => uwv.as(who, role) as PersonIn<W>;
  const karin = ggz.as('karin', 'caseManager') as PersonIn<W>;
  const wil = person('wil', 'labourExpert');
  const clientId = await wil.succeeds('registerClient', anna);
  await wil.succeeds('beginRelation', { clientId, person: 'pia', role: 'insurancePhysician' });
  await wil.succeeds('beginRelation', { clientId, person: 'ben', role: 'benefitsAdviser' });
  const atGgz = await karin.succeeds('registerClient', anna);
  const login = async (organisation: OrganisationIn<W>, colleague: AnyPerson, client: string) => {
    const { code } = await colleague.does('issueActivationCode', { clientId: client, for: 'client' });
    const herself = organisation.as(`client ${client}`, 'client') as PersonIn<W>;
    await herself.succeeds('activateLogin', { code, dateOfBirth: anna.dateOfBirth });
    return herself;
  };
  const herselfAtGgz = await login(ggz, karin, atGgz);
  return {
    world,
    ggz,
    uwv,
    karin,
    wil,
    pia: person('pia', 'insurancePhysician'),
    ben: person('ben', 'benefitsAdviser'),
    clientId,
    atGgz,
    herself: await login(uwv, wil, clientId),
    herselfAtGgz,
    /** The agency has this to tell; nothing leaves before she allows it. */
    tells: (contract: string, values: object) => karin.succeeds('noteExample', { clientId: atGgz, contract, values }),
    async allows(categories: readonly string[]) {
      const consentId = await karin.succeeds('proposeConsent', { clientId: atGgz, ...support, categories });
      await herselfAtGgz.succeeds('answerConsent', { consentId, answer: 'yes', categories });
      return consentId;
    },
  };
}

/** What the agency has to tell: two jobs, one of them over; how the work goes; what helps; and what she wants. */
export const facts = {
  'job-facts.v1': {
    jobs: [
      {
        occupation: 'Keukenhulp',
        regularPaid: true,
        contract: 'under-six-months',
        hoursPerWeek: 12,
        startedOn: '2026-05-01',
        endedOn: '2026-06-01',
      },
      {
        occupation: 'Medewerker kas',
        regularPaid: true,
        contract: 'under-six-months',
        hoursPerWeek: 16,
        startedOn: '2026-10-15',
      },
    ],
  },
  'progress-summary.v1': {
    summaries: [{ on: '2026-11-01', hoursPerWeek: 14, regularity: 'regular', supportNeeded: 'Wekelijks overleg' }],
  },
  'functional-possibilities.v1': {
    items: [{ kind: 'adjustment', text: 'Een rustige pauzeplek', author: 'client', on: '2026-10-20' }],
  },
  'vocational-profile.v1': { workWish: 'In een kas werken', preferences: ['buiten'], writtenOn: '2026-09-20' },
} as const;
export const content = {
  usablePossibilities: 'yes',
  limitations: [{ rubric: 'working-hours', text: 'Niet in de nacht' }],
  hoursPerDay: 4,
  hoursPerWeek: 16,
  expectedCourse: 'improves',
  advice: 'Rustig opbouwen',
};
export const codeOf = async (doing: Promise<unknown>): Promise<string | undefined> =>
  ((await doing) as { refused?: { code: string } }).refused?.code;
/** With every id made the same, so that two pages can be compared. */
export const withoutIds = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'some id'));
