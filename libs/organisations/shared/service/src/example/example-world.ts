/** Anna at an agency and at the benefits office, with everybody who works with her; where the specs beside it begin. */
import type { Role } from '@convenant/consent';
import type { Outcome } from '@convenant/host';
import { agency, benefitsOffice, town } from './example-services.js';

/** What a spec hands in: the world that it made of these organisations. */
export const exampleOrganisations = {
  'ggz-amstel': agency,
  uwv: benefitsOffice,
  'gemeente-amstelveld': town,
  'gemeente-zuiderdam': town,
};
interface AnyPerson {
  does(command: string, input?: Readonly<Record<string, unknown>>): Promise<Outcome>;
  succeeds(command: string, input?: Readonly<Record<string, unknown>>): Promise<string>;
}
interface AnyWorld {
  organisation(id: string): { as(person: string, role: Role): AnyPerson };
}
type OrganisationIn<W extends AnyWorld> = ReturnType<W['organisation']>;
type PersonIn<W extends AnyWorld> = ReturnType<OrganisationIn<W>['as']>;

export const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };

export interface ExampleWorld<W extends AnyWorld> {
  readonly world: W;
  readonly ggz: OrganisationIn<W>;
  readonly uwv: OrganisationIn<W>;
  readonly gemeente: OrganisationIn<W>;
  /** Her case manager. */
  readonly karin: PersonIn<W>;
  /** Employment specialist, with nothing to do with her until somebody says so. */
  readonly noor: PersonIn<W>;
  /** Her labour expert at the benefits office. */
  readonly wil: PersonIn<W>;
  /** Her insurance physician. */
  readonly pia: PersonIn<W>;
  readonly clientId: string;
  readonly clientAtUwv: string;
  /** Herself, at the agency. */
  readonly herself: PersonIn<W>;
}

export async function exampleWorld<W extends AnyWorld>(world: W): Promise<ExampleWorld<W>> {
  const ggz = world.organisation('ggz-amstel') as OrganisationIn<W>;
  const uwv = world.organisation('uwv') as OrganisationIn<W>;
  const karin = ggz.as('karin', 'caseManager') as PersonIn<W>;
  const wil = uwv.as('wil', 'labourExpert') as PersonIn<W>;
  const clientId = await karin.succeeds('registerClient', anna);
  const clientAtUwv = await wil.succeeds('registerClient', anna);
  await wil.succeeds('beginRelation', { clientId: clientAtUwv, person: 'pia', role: 'insurancePhysician' });
  const herself = (await withLogin(ggz, karin, clientId)) as PersonIn<W>;
  return {
    world,
    ggz,
    uwv,
    gemeente: world.organisation('gemeente-amstelveld') as OrganisationIn<W>,
    karin,
    noor: ggz.as('noor', 'employmentSpecialist') as PersonIn<W>,
    wil,
    pia: uwv.as('pia', 'insurancePhysician') as PersonIn<W>,
    clientId,
    clientAtUwv,
    herself,
  };
}

export async function withLogin<P extends AnyPerson>(
  organisation: { as(person: string, role: Role): P },
  colleague: AnyPerson,
  clientId: string,
  as: 'client' | 'representative' = 'client',
): Promise<P> {
  const { code } = await colleague.does('issueActivationCode', {
    clientId,
    for: as,
    ...(as === 'representative' ? { basis: 'mentor' } : {}),
  });
  const person = organisation.as(`${as} of ${clientId}`, as);
  await person.succeeds('activateLogin', { code, dateOfBirth: anna.dateOfBirth });
  return person;
}

export const supportAtUwv = {
  recipient: 'uwv',
  roles: ['labourExpert', 'insurancePhysician'],
  purpose: 'support',
  categories: ['K1', 'K2', 'K3', 'K7'],
};

/** Karin asks, Anna says yes to these. */
export async function consentTo(
  { karin, herself, clientId }: { readonly karin: AnyPerson; readonly herself: AnyPerson; readonly clientId: string },
  question: typeof supportAtUwv = supportAtUwv,
  categories: readonly string[] = question.categories,
): Promise<string> {
  const consentId = await karin.succeeds('proposeConsent', { clientId, ...question });
  await herself.succeeds('answerConsent', {
    consentId,
    answer: 'yes',
    categories,
    ownWords: 'Zij mogen weten dat ik werk zoek.',
  });
  return consentId;
}

export const examples = {
  trajectory: {
    contract: 'trajectory-status.v1',
    values: { state: 'active', referredOn: '2026-09-01', intakeOn: '2026-09-10' },
  },
  profile: {
    contract: 'vocational-profile.v1',
    values: { workWish: 'In een kas werken', preferences: ['buiten', 'met planten'], writtenOn: '2026-09-20' },
  },
  possibilities: {
    contract: 'functional-possibilities.v1',
    values: { items: [{ kind: 'adjustment', text: 'Een rustige pauzeplek', author: 'client', on: '2026-09-21' }] },
  },
  jobs: {
    contract: 'job-facts.v1',
    values: {
      jobs: [
        {
          occupation: 'Medewerker kas',
          regularPaid: true,
          contract: 'under-six-months',
          hoursPerWeek: 16,
          startedOn: '2026-10-15',
        },
      ],
    },
  },
  statement: {
    contract: 'physician-statement.v1',
    values: {
      usablePossibilities: 'yes',
      limitations: [{ rubric: 'werktijden', text: 'Niet ’s nachts' }],
      hoursPerDay: 4,
      hoursPerWeek: 16,
      expectedCourse: 'improves',
      lookAgainOn: '2027-05-01',
      advice: 'Rustig opbouwen',
      validUntil: '2027-05-01',
      concludedOn: '2026-11-02',
    },
  },
} as const;
