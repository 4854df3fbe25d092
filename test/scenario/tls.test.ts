import type { ClientOptions, RocketMQError } from '../../lib/index'
import { Authority } from '../support/certificates'
import { describeEmulatorOnly, describeOwnCluster } from '../support/cluster'
import { Load } from '../support/load'
import { RecordingLogger } from '../support/recording-log'
import type { Site } from '../support/site'

const authority = new Authority()
const { ca } = authority
const server = authority.issue({ name: 'broker', hosts: ['127.0.0.1', 'broker.example'] })

/** What the start of a producer rejects with. */
function failedStart(site: Site, options: Partial<ClientOptions>): Promise<RocketMQError> {
  return site
    .newProducer(options)
    .start({ timeoutMs: 10_000 })
    .then(
      () => Promise.reject(new Error('it was expected to fail')),
      (error: RocketMQError) => error,
    )
}

async function sendAndReceive(site: Site, options: Partial<ClientOptions>): Promise<void> {
  const topic = `Tls-${site.freshGroup()}`
  const producer = await site.producer({ ...options, createTopicKey: 'TBW102' })
  await producer.send({ topic, body: 'secret' })
  const reader = await site.reader(topic, options)
  await reader.inbox.text('secret')
  expect(site.backgroundErrors).toEqual([])
}

describeOwnCluster('TLS', { tls: server }, cluster => {
  cluster.it('carries messages where the authority is trusted', async site => {
    await sendAndReceive(site, { tls: { ca } })
  })

  cluster.it('speaks version 1.3 where no other is allowed, and checks the name of servername', async site => {
    await sendAndReceive(site, { tls: { ca, minVersion: 'TLSv1.3', servername: 'broker.example' } })
  })

  cluster.it('fault 27: refuses a server whose authority is not known, by default', async site => {
    const error = await failedStart(site, { tls: true })
    expect(error.message).toMatch(/no authority that is trusted here .*tls\.ca/)
    expect(error).toMatchObject({ code: 'NO_NAME_SERVER', retriable: true })
  })

  cluster.it('fault 27: refuses a server of another name', async site => {
    const error = await failedStart(site, { tls: { ca, servername: 'other.example' } })
    expect(error.message).toMatch(/certificate is of another host .*broker\.example/)
  })

  cluster.it('fault 27: shakes hands anew with a server that is restarted, and loses no message', async site => {
    const options = { tls: { ca }, pollNameServerIntervalMs: 500, requestTimeoutMs: 3000 }
    const topic = `Tls-${site.freshGroup()}`
    const load = new Load(site)
    const producer = await site.producer({ ...options, createTopicKey: 'TBW102' })
    load.start(producer, topic, { atATime: 2, mayFail: true })
    await load.acknowledged(20)
    await site.consumer(topic, options, load.take)
    await site.brokers[0]?.kill()
    await site.brokers[0]?.restart()
    load.recovery.faultEnds()
    await load.acknowledged(50)
    await load.tell(27, 'a server that speaks TLS is killed and started again', { withinMs: 10_000 })
  })

  cluster.it('takes any server where checking is turned off, and warns of that', async site => {
    const logger = new RecordingLogger()
    await sendAndReceive(site, { tls: { rejectUnauthorized: false }, logger })
    expect(logger.lines.filter(line => /certificates of servers are not checked/.test(String(line)))).not.toEqual([])
  })

  cluster.it('tells a client without TLS that the server may want it', async site => {
    const error = await failedStart(site, {})
    expect(error.message).toMatch(/it may want TLS: see the option tls/)
  })
})

describeEmulatorOnly('TLS', cluster => {
  cluster.it('fault 27: with a server that speaks none fails, and says so', async site => {
    const error = await failedStart(site, { tls: { ca } })
    expect(error.message).toMatch(/does not speak TLS|it may not speak TLS/)
  })
})

const strangers = new Authority('Strangers')

describeOwnCluster('TLS with certificates of clients', { tls: { ...server, ca } }, cluster => {
  cluster.it('lets a client in that shows a certificate', async site => {
    await sendAndReceive(site, { tls: { ca, ...authority.issue({ name: 'client' }) } })
  })

  cluster.it('says so where a client shows none, or one of an authority that the server does not know', async site => {
    const none = await failedStart(site, { tls: { ca } })
    expect(none.message).toMatch(/the server wants a certificate|tls\.cert/)
    const strange = await failedStart(site, { tls: { ca, ...strangers.issue({ name: 'client' }) } })
    expect(strange.message).toMatch(/tls\.cert|certificate/)
  })
})

describeOwnCluster(
  'TLS with an expired certificate',
  { tls: authority.issue({ name: 'b', hosts: ['127.0.0.1'], expired: true }) },
  cluster => {
    cluster.it('fault 27: refuses the server and names the reason', async site => {
      const error = await failedStart(site, { tls: { ca } })
      expect(error.message).toMatch(/the certificate has expired/)
    })
  },
)
