/** Anna at an agency and at the benefits office, with everybody who works with her; where the specs beside it begin. */
import type { Transport } from '@convenant/exchange';
import { testWorld, type OrganisationInWorld, type PersonInWorld, type World } from '@convenant/testing';
import { agency, benefitsOffice, town } from './example-services.js';

export const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };

export interface ExampleWorld {
  readonly world: World;
  readonly ggz: OrganisationInWorld;
  readonly uwv: OrganisationInWorld;
  readonly gemeente: OrganisationInWorld;
  /** Her case manager. */
  readonly karin: PersonInWorld;
  /** Employment specialist, with nothing to do with her until somebody says so. */
  readonly noor: PersonInWorld;
  /** Her labour expert at the benefits office. */
  readonly wil: PersonInWorld;
  /** Her insurance physician. */
  readonly pia: PersonInWorld;
  readonly clientId: string;
  readonly clientAtUwv: string;
  /** Herself, at the agency. */
  readonly herself: PersonInWorld;
}

export async function exampleWorld(wire?: (direct: Transport) => Transport): Promise<ExampleWorld> {
  const world = await testWorld({
    organisations: { 'ggz-amstel': agency, uwv: benefitsOffice, 'gemeente-amstelveld': town, 'gemeente-zuiderdam': town },
    ...(wire ? { wire } : {}),
  });
  const ggz = world.organisation('ggz-amstel');
  const uwv = world.organisation('uwv');
  const karin = ggz.as('karin', 'caseManager');
  const wil = uwv.as('wil', 'labourExpert');
  const clientId = await karin.succeeds('registerClient', anna);
  const clientAtUwv = await wil.succeeds('registerClient', anna);
  await wil.succeeds('beginRelation', { clientId: clientAtUwv, person: 'pia', role: 'insurancePhysician' });
  const herself = await withLogin(ggz, karin, clientId);
  return {
    world,
    ggz,
    uwv,
    gemeente: world.organisation('gemeente-amstelveld'),
    karin,
    noor: ggz.as('noor', 'employmentSpecialist'),
    wil,
    pia: uwv.as('pia', 'insurancePhysician'),
    clientId,
    clientAtUwv,
    herself,
  };
}

export async function withLogin(
  organisation: OrganisationInWorld,
  colleague: PersonInWorld,
  clientId: string,
  as: 'client' | 'representative' = 'client',
): Promise<PersonInWorld> {
  const { code } = await colleague.does('issueActivationCode', {
    clientId,
    for: as,
    ...(as === 'representative' ? { basis: 'mentor' } : {}),
  });
  const person = organisation.as(`${as} of ${clientId}`, as);
  await person.succeeds('activateLogin', { code });
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
  { karin, herself, clientId }: Pick<ExampleWorld, 'karin' | 'herself' | 'clientId'>,
  question: typeof supportAtUwv = supportAtUwv,
  categories: readonly string[] = question.categories,
): Promise<string> {
  const consentId = await karin.succeeds('proposeConsent', { clientId, ...question });
  await herself.succeeds('answerConsent', { consentId, answer: 'yes', categories, ownWords: 'Zij mogen weten dat ik werk zoek.' });
  return consentId;
}

export const examples = {
  trajectory: { contract: 'trajectory-status.v1', values: { state: 'active', referredOn: '2026-09-01', intakeOn: '2026-09-10' } },
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
      jobs: [{ occupation: 'Medewerker kas', regularPaid: true, contract: 'under-six-months', hoursPerWeek: 16, startedOn: '2026-10-15' }],
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
