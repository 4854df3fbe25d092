import { randomUUID } from 'node:crypto'
import { clusterInfo } from './cluster-info'
import { JavaPeer } from './java-peer'
import { runAdmin } from './mqadmin'
import { startRealCluster } from './real-cluster'
import { requireTarget } from './target'

const COUNT = 5
const { version, namesrvAddr, origin, ownClusters } = requireTarget()

let java: JavaPeer
beforeAll(async () => {
  java = await JavaPeer.start(version)
})
afterAll(() => java.close())

async function send(nameServer: string, topic: string): Promise<void> {
  const results = await java.send(nameServer, topic, COUNT, 'sync')
  expect(results.map(({ sendStatus }) => sendStatus)).toEqual(Array.from({ length: COUNT }, () => 'SEND_OK'))
}

async function consume(nameServer: string, topic: string, mode: 'concurrent' | 'orderly'): Promise<void> {
  const reader = await java.reader(nameServer, topic, { group: `${topic}-readers`, mode })
  const messages = await reader.first(COUNT)
  expect(messages.map(({ flag }) => flag).sort()).toEqual([0, 1, 2, 3, 4])
  await reader.stop()
}

describe('the real servers of the contract tests', () => {
  it('list their broker to a request written by hand', async () => {
    const brokers = Object.entries((await clusterInfo(namesrvAddr)).brokerAddrTable)
    expect(brokers.map(([, broker]) => broker.brokerAddrs[0])).toContainEqual(expect.stringMatching(/:\d+$/))
    if (origin !== 'existing') expect(brokers.map(([name]) => name)).toEqual(['broker-a'])
  })

  it('are known to the real admin tool', async () => {
    const printed = await runAdmin(version, ['clusterList', '-n', namesrvAddr])
    expect(printed).toMatch(/ 0 +\S+:\d+ +V\d+_\d+_\d+/)
    if (origin !== 'existing') expect(printed).toMatch(new RegExp(`broker-a .* V${version.replaceAll('.', '_')} `))
  })

  it('carry messages from the Java producer to the Java consumer', async () => {
    const topic = `Smoke-${randomUUID()}`
    await send(namesrvAddr, topic)
    await consume(namesrvAddr, topic, 'concurrent')
  })
})

// On one version only: starting and stopping servers is the slowest thing there is here.
const itRestarts = ownClusters && version === '4.9.4' ? it : it.skip

describe('a cluster of the test itself', () => {
  itRestarts('has its messages still after its broker was stopped and started', async () => {
    const cluster = await startRealCluster({ version })
    try {
      await send(cluster.namesrvAddr, 'Kept')
      await cluster.brokers[0]?.restart()
      await consume(cluster.namesrvAddr, 'Kept', 'orderly')
    } finally {
      await cluster.stop()
    }
  })
})
