/** The maps of all services, by kind of organisation, as the generators read them. */
import { covenantService } from '@convenant/covenant-service';
import { insurerService } from '@convenant/insurer-service';
import { mentalHealthService } from '@convenant/mental-health-service';
import { municipalityService } from '@convenant/municipality-service';
import { uwvService } from '@convenant/uwv-service';

export const services = [mentalHealthService, uwvService, municipalityService, insurerService, covenantService];
