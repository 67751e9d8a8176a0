/**
 * The peer of the HTTP benchmark: Fastify that reads an order, validates nothing, stores nothing and answers at once with as many bytes as
 * the real server. What the real one takes from here down is what selling costs; what stands here is what this machine's HTTP allows.
 * `node order-empty.ts <port>`
 */
import Fastify from 'fastify'

/** About what CheckoutResult of one order has. */
const ANSWER = JSON.stringify({ checkoutId: '0'.repeat(36), orders: [{ note: 'x'.repeat(420) }] })

const app = Fastify({ logger: false })
app.post('/api/checkouts', (_request, reply) => reply.code(201).type('application/json').send(ANSWER))
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
process.stdout.write('ready \n')
