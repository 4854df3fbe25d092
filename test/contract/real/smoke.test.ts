import { randomUUID } from 'node:crypto'
import { clusterInfo } from './cluster-info'
import { runJavaProgram } from './java-program'
import { runAdmin } from './mqadmin'
import { startRealCluster } from './real-cluster'
import { requireTarget } from './target'

const COUNT = 5
const BODIES = Array.from({ length: COUNT }, (_, index) => `sync ${index}`)
const { version, namesrvAddr, origin, ownClusters } = requireTarget()

async function send(nameServer: string, topic: string): Promise<void> {
  const sent = await runJavaProgram('Send', [nameServer, topic, String(COUNT), 'sync'], { version })
  expect(sent).toMatchObject({ exitCode: 0, lines: BODIES.map(() => ({ status: 'SEND_OK' })) })
}

async function consume(nameServer: string, topic: string, mode: 'concurrent' | 'orderly'): Promise<void> {
  const group = `${topic}-readers`
  const args = [nameServer, topic, group, '*', mode, String(COUNT), '30000']
  const { exitCode, lines } = await runJavaProgram('Consume', args, { version })
  expect(lines.map(line => line.body).toSorted()).toEqual(BODIES)
  expect(exitCode).toBe(0)
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
