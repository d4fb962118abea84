/** A process with Fastify and one route that does nothing: what a service and a gateway stand beside. */
import fastify from 'fastify';

const server = fastify();
server.post('/graphql', () => ({ data: {} }));
console.log(`Empty: ${await server.listen({ host: '127.0.0.1', port: Number(process.env['EMPTY_PORT'] ?? 0) })}`);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
