/** Every organisation with its own service, on memory: Anna at the agency, at UWV, at her municipality and at her insurer, and who works with her. */
import { covenantService } from '@convenant/covenant-service';
import type { Role } from '@convenant/consent';
import { insurerService } from '@convenant/insurer-service';
import { mentalHealthService } from '@convenant/mental-health-service';
import { municipalityService } from '@convenant/municipality-service';
import {
  testWorld,
  type OrganisationInWorld,
  type PersonInWorld,
  type World,
  type WorldOptions,
} from '@convenant/testing';
import { uwvService } from '@convenant/uwv-service';

const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };

export const organisations = {
  'ggz-amstel': mentalHealthService,
  'ggz-duin': mentalHealthService,
  uwv: uwvService,
  'gemeente-amstelveld': municipalityService,
  'gemeente-zuiderdam': municipalityService,
  'verzekeraar-zilver': insurerService,
  secretariaat: covenantService,
};

export async function covenantWorld(options: Omit<WorldOptions, 'organisations'> = {}) {
  const world: World = await testWorld({ organisations, ...options });
  const [ggz, uwv, gemeente, insurer] = ['ggz-amstel', 'uwv', 'gemeente-amstelveld', 'verzekeraar-zilver'].map((id) =>
    world.organisation(id),
  ) as [OrganisationInWorld, OrganisationInWorld, OrganisationInWorld, OrganisationInWorld];
  const karin = ggz.as('karin', 'caseManager');
  const noor = ggz.as('noor', 'employmentSpecialist');
  const clara = ggz.as('clara', 'clinician');
  const wil = uwv.as('wil', 'labourExpert');
  const pia = uwv.as('pia', 'insurancePhysician');
  const merel = gemeente.as('merel', 'clientManager');
  const zoe = insurer.as('zoe', 'claimsOfficer');

  const clientId = await karin.succeeds('registerClient', anna);
  await karin.succeeds('beginRelation', { clientId, person: 'clara', role: 'clinician' });
  const referralId = await karin.succeeds('referClient', {
    clientId,
    workWish: 'In een kas werken',
    toSpecialist: 'noor',
  });
  await noor.succeeds('acceptReferral', { referralId });
  const atUwv = await wil.succeeds('registerClient', anna);
  await wil.succeeds('beginRelation', { clientId: atUwv, person: 'pia', role: 'insurancePhysician' });
  const atTown = await merel.succeeds('registerClient', anna);
  const atInsurer = await zoe.succeeds('registerClient', anna);
  const anne = await login(ggz, karin, clientId);
  const anneAtUwv = await login(uwv, wil, atUwv);

  /** Somebody at a discloser puts the question, and Anna says yes to all of it. */
  const allow = async (asker: PersonInWorld, herself: PersonInWorld, client: string, question: Question) => {
    const consentId = await asker.succeeds('proposeConsent', { clientId: client, ...question });
    await herself.succeeds('answerConsent', { consentId, answer: 'yes', categories: question.categories });
    return consentId;
  };
  return {
    world,
    ggz,
    uwv,
    gemeente,
    insurer,
    karin,
    noor,
    clara,
    wil,
    pia,
    merel,
    zoe,
    clientId,
    atUwv,
    atTown,
    atInsurer,
    anne,
    anneAtUwv,
    allow,
  };
}
interface Question {
  readonly recipient: string;
  readonly roles: readonly string[];
  readonly purpose: string;
  readonly categories: readonly string[];
}
export type CovenantWorld = Awaited<ReturnType<typeof covenantWorld>>;

async function login(
  organisation: OrganisationInWorld,
  colleague: PersonInWorld,
  clientId: string,
  role: Role = 'client',
) {
  const { code } = await colleague.does('issueActivationCode', { clientId, for: role });
  const person = organisation.as(`${role} of ${clientId}`, role);
  await person.succeeds('activateLogin', { code, dateOfBirth: anna.dateOfBirth });
  return person;
}

export const supportAtUwv = {
  recipient: 'uwv',
  roles: ['insurancePhysician', 'labourExpert'],
  purpose: 'support',
  categories: ['K1', 'K2', 'K3', 'K4', 'K7', 'K9b'],
};
export const supportAtTown = {
  recipient: 'gemeente-amstelveld',
  roles: ['clientManager'],
  purpose: 'support',
  categories: ['K1', 'K2', 'K7'],
};
export const codeOf = async (
  doing: Promise<{ readonly refused?: { readonly code: string } }>,
): Promise<string | undefined> => (await doing).refused?.code;
