import { AdminClient } from '../../../lib/index'
import type { EmulatedAccount } from '../../../lib/emulator/index'
import { Authority } from '../../support/certificates'
import { describeOwnServers } from '../../support/cluster'
import { PATIENTLY, type Site } from '../../support/site'
import { type RealProxy, type RealProxyOptions, startRealProxy } from '../real/real-proxy'
import { accessConf, createAccounts } from '../real/security'
import { requireTarget } from '../real/target'

const { version } = requireTarget()
const describeProxied = version === '5.5.0' ? describeOwnServers : () => undefined
const authority = new Authority()
const { ca } = authority

async function proxyFor(site: Site, options: Partial<RealProxyOptions>): Promise<RealProxy> {
  const proxy = await startRealProxy({ version, namesrvAddr: site.namesrvAddr, ...options })
  site.onEnd(() => proxy.stop())
  return proxy
}

describeProxied('behind a proxy of another make', {}, cluster => {
  cluster.it('cluster: TLS is spoken with it where the client wants that', async site => {
    const tls = authority.issue({ name: 'proxy', hosts: ['127.0.0.1'] })
    const { address: namesrvAddr } = await proxyFor(site, { tls })
    const topic = await site.freshTopic()
    const producer = await site.producer({ namesrvAddr, tls: { ca } })
    const { inbox } = await site.reader(topic, { namesrvAddr, tls: { ca } })
    await producer.send({ topic, body: 'by TLS' })
    await (await site.producer({ namesrvAddr })).send({ topic, body: 'plain' })
    await inbox.first(2)
    expect(inbox.texts.sort()).toEqual(['by TLS', 'plain'])
    await expect(site.newProducer({ namesrvAddr, tls: true }).start()).rejects.toMatchObject({
      code: 'NO_NAME_SERVER',
      message: expect.stringContaining('no authority that is trusted here'),
    })
  })

  cluster.it(
    'cluster: one that holds its broker names its port for gRPC in routes, and the broker serves',
    async site => {
      const { address } = await proxyFor(site, { broker: { brokerName: 'broker-local' } })
      const topic = await site.freshTopic(1)
      const lost = await site.producer({ namesrvAddr: address })
      await expect(lost.send({ topic, body: 'b' })).rejects.toMatchObject({
        code: 'CHANNEL_CLOSED',
        message: expect.stringContaining('it speaks HTTP/2, as the port of a proxy for gRPC'),
      })
      const producer = await site.producer()
      const queues = await producer.publishMessageQueues(topic)
      const queue = queues.find(({ brokerName }) => brokerName === 'broker-local')
      expect(queue).toBeDefined()
      expect(await producer.send({ topic, body: 'b' }, queue && { queue })).toMatchObject({ messageQueue: queue })
    },
  )
})

const ADMIN = { accessKey: 'rocketmq', secretKey: 'admin-secret-1' }
const HALF = { accessKey: 'half-account', secretKey: 'half-secret-1' }
const accounts: readonly EmulatedAccount[] = [
  { ...ADMIN, admin: true },
  { ...HALF, topicPerms: { Open: 'PUB|SUB', Closed: 'DENY' }, groupPerms: { readers: 'PUB|SUB' } },
]
const { conf } = accessConf(version, accounts)
const AUTH = 'org.apache.rocketmq.proxy.auth'
/** As those of brokers, but that users and policies are the brokers' own, and requests to them are signed. */
const PROXY_CONF = {
  ...conf,
  authenticationEnabled: true,
  authorizationEnabled: true,
  authenticationMetadataProvider: `${AUTH}.ProxyAuthenticationMetadataProvider`,
  authorizationMetadataProvider: `${AUTH}.ProxyAuthorizationMetadataProvider`,
  enableAclRpcHookForClusterMode: true,
}

describeProxied('behind a proxy with access control', { brokerConf: conf }, cluster => {
  cluster.it('cluster: what the key may not do is refused as by brokers, and the rest is served', async site => {
    for (const { address } of site.brokers) await createAccounts(address, accounts)
    const admin = new AdminClient({ namesrvAddr: site.namesrvAddr, credentials: ADMIN })
    site.onEnd(() => admin.shutdown())
    await admin.start(PATIENTLY)
    for (const topic of ['Open', 'Closed'])
      await admin.createTopic({ topic, readQueueNums: 2, writeQueueNums: 2, messageType: 'NORMAL' })
    const { address: namesrvAddr } = await proxyFor(site, { settings: PROXY_CONF })
    const client = { namesrvAddr, credentials: HALF }
    const { inbox } = await site.reader('Open', { ...client, consumerGroup: 'readers' })
    const producer = await site.producer(client)
    await producer.send({ topic: 'Open', body: 'b' })
    await inbox.text('b')
    await expect(producer.send({ topic: 'Closed', body: 'b' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      topic: 'Closed',
      retriable: false,
    })
    // That topic is only of use to make others by.
    const told = site.backgroundErrors.map(({ code, topic }) => `${code} ${topic}`)
    expect([...new Set(told)]).toEqual(['PERMISSION_DENIED TBW102'])
    for (const credentials of [{ ...HALF, secretKey: 'not-the-secret-of-it' }, undefined]) {
      const stranger = site.newProducer({ namesrvAddr, ...(credentials && { credentials }) })
      await expect(stranger.start()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED', retriable: false })
    }
  })
})

// A file without a test would be a failure.
if (version !== '5.5.0') it.skip('proxies stand before brokers of 5.x', () => undefined)
