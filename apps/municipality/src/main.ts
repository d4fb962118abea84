/** Starts a municipality as a deployed service; its settings are listed in libs/platform/launch/src/settings.ts. */
import { launchFromEnvironment } from '@convenant/launch';
import { municipalityService } from '@convenant/municipality-service';

await launchFromEnvironment(municipalityService);
