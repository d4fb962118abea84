/** Starts a health insurer as a deployed service; its settings are listed in libs/platform/launch/src/settings.ts. */
import { launchFromEnvironment } from '@convenant/launch';
import { insurerService } from '@convenant/insurer-service';

await launchFromEnvironment(insurerService);
