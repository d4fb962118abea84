/** Starts a mental health agency as a deployed service; its settings are listed in libs/platform/launch/src/settings.ts. */
import { launchFromEnvironment } from '@convenant/launch';
import { mentalHealthService } from '@convenant/mental-health-service';

await launchFromEnvironment(mentalHealthService);
