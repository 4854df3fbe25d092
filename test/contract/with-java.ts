import { describeSideBySideAt, type Place } from '../support/cluster'
import { generationOf, type RunningCluster, sharedRealCluster, startEmulator } from '../support/running-cluster'
import type { Site } from '../support/site'
import type { RocketMQVersion } from './real/artifacts'
import { JavaPeer } from './real/java-peer'
import type { JavaReader, JavaReaderOptions } from './real/java-reader'
import { requireTarget } from './real/target'

/** A test of both clients on one cluster. */
export type RunWithJava = (site: Site, java: JavaPeer) => Promise<void>

const EMULATORS_JAVA = '5.5.0'

/**
 * Tests of this client beside the Java client: on the real servers with the Java client of their version, and on the
 * emulator of their generation with the Java client 5.5.0. All tests of a place are started at once, as they wait more
 * than they compute.
 */
export function describeWithJava(title: string, define: (it: (title: string, run: RunWithJava) => void) => void): void {
  const target = requireTarget()
  const { version } = target
  const generation = generationOf(version)
  const real = { name: `RocketMQ ${version}`, kind: 'real', version: generation } as const
  const emulator = { name: `emulator of ${generation}, Java client ${EMULATORS_JAVA}`, kind: 'emulator' } as const
  const places: [Omit<Place, 'start'>, RocketMQVersion, () => Promise<RunningCluster>][] = [
    [real, version, async () => sharedRealCluster(target)],
    [{ ...emulator, version: generation }, EMULATORS_JAVA, () => startEmulator(generation)],
  ]
  for (const [place, java, startCluster] of places) {
    let peer: JavaPeer | undefined
    const start = async (): Promise<RunningCluster> => {
      const [cluster, started] = await Promise.all([startCluster(), JavaPeer.start(java)])
      peer = started
      return { ...cluster, close: () => Promise.all([started.close(), cluster.close()]).then(() => undefined) }
    }
    describeSideBySideAt([{ ...place, start }], title, cluster =>
      define((testTitle, run) => cluster.it(testTitle, site => run(site, peer as JavaPeer))),
    )
  }
}

/** A started Java consumer, of a group of its own where none is named. It leaves its group with the test. */
export async function javaReader(
  site: Site,
  peer: JavaPeer,
  topic: string,
  options: Partial<JavaReaderOptions> = {},
): Promise<JavaReader> {
  const group = site.freshGroup()
  const reader = await peer.reader(site.namesrvAddr, topic, { group, changes: site.changes, ...options })
  site.onEnd(() => reader.stop())
  return reader
}
