/** The health check of every image of ours: exit code 0 when the service in this container says that it is ready, and 1 otherwise. */
import { get } from 'node:http';

const { ORGANISATION_METRICS_PORT, GATEWAY_METRICS_PORT } = process.env;
const port = ORGANISATION_METRICS_PORT ?? GATEWAY_METRICS_PORT;
if (port) {
  const asked = get({ host: '127.0.0.1', port, path: '/health/ready', timeout: 4_000 }, (answer) => {
    answer.resume();
    process.exitCode = answer.statusCode === 200 ? 0 : 1;
  });
  asked.on('timeout', () => asked.destroy()).on('error', () => (process.exitCode = 1));
} else {
  console.error('ORGANISATION_METRICS_PORT or GATEWAY_METRICS_PORT is not set: there is nobody to ask.');
  process.exitCode = 1;
}
