/** Which service runs for which kind of organisation. */
import { covenantService } from '@convenant/covenant-service';
import type { ServiceDefinition } from '@convenant/host';
import { insurerService } from '@convenant/insurer-service';
import type { OrganisationKind } from '@convenant/kernel';
import { mentalHealthService } from '@convenant/mental-health-service';
import { municipalityService } from '@convenant/municipality-service';
import { uwvService } from '@convenant/uwv-service';

const definitions: Readonly<Record<OrganisationKind, ServiceDefinition>> = {
  'mental-health': mentalHealthService,
  uwv: uwvService,
  municipality: municipalityService,
  insurer: insurerService,
  covenant: covenantService,
};
export const definitionOf = (kind: OrganisationKind): ServiceDefinition => definitions[kind];
