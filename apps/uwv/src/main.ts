/** Starts UWV as a deployed service; its settings are listed in libs/platform/launch/src/settings.ts. */
import { launchFromEnvironment } from '@convenant/launch';
import { uwvService } from '@convenant/uwv-service';

await launchFromEnvironment(uwvService);
