// Connects through an HTTP proxy by a dialer of its own. The proxy is a part of this program, so that it runs anywhere.
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type Dialer, Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

/** Opens connections by asking a proxy for a tunnel. With the option `tls`, TLS is spoken through it. */
function throughProxy(host: string, port: number): Dialer {
  return (target, signal) =>
    new Promise((resolve, reject) => {
      const path = `${target.host}:${target.port}`
      // A proxy that wants a password takes it from the header Proxy-Authorization.
      const asking = request({ host, port, method: 'CONNECT', path, headers: { host: path }, signal })
      asking.once('error', reject)
      asking.once('connect', (response, socket) => {
        if (response.statusCode === 200) return resolve(socket.setNoDelay(true))
        socket.destroy()
        reject(new Error(`the proxy answered ${response.statusCode} for ${path}`))
      })
      asking.end()
    })
}

runExample(async ({ namesrvAddr, topic, group }) => {
  const tunnels = new Set<string>()
  const proxy = createServer().on('connect', ({ url = '' }, client) => {
    tunnels.add(url)
    const [host = '', port = ''] = url.split(':')
    const server = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    client.on('error', () => server.destroy())
    server.on('error', () => client.destroy())
  })
  await new Promise<void>(listening => proxy.listen(0, '127.0.0.1', listening))
  const dialer = throughProxy('127.0.0.1', (proxy.address() as AddressInfo).port)

  const producer = new Producer({ namesrvAddr, producerGroup: group, advanced: { dialer } })
  await producer.start()
  await producer.send({ topic, body: 'through the proxy' })
  await producer.shutdown()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    advanced: { dialer },
  })
  const received = new Promise<string>(resolve => {
    consumer.subscribe(topic).consumeEach(message => resolve(message.text()))
  })
  await consumer.start()
  console.log(`received: ${await received}`)
  await consumer.shutdown()

  proxy.close()
  console.log(`tunnels to name server and broker: ${tunnels.size >= 2}`)
})
