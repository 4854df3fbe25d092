import type { EmulatedVersion, EmulatorOptions } from '../../lib/emulator/index'
import type { RealClusterOptions } from '../contract/real/real-cluster'
import { contractTarget, requireTarget } from '../contract/real/target'
import {
  type ClusterSize,
  type RunningCluster,
  generationOf,
  sharedRealCluster,
  startEmulator,
  startOwnRealCluster,
  startOwnServers,
} from './running-cluster'
import { Site } from './site'

/** One test: gets a site of its own on the running servers. */
export type Run = (site: Site) => Promise<void>

/** For the emulator, where a scenario only wants to see a message come again: its first retry, level 3, is after 1 s. */
export const SOON_AGAIN: EmulatorOptions = { delayLevels: '1s 5s 1s' }

/** What the scenarios of a `describe` are run on: known while tests are being declared. */
export interface Cluster {
  readonly kind: RunningCluster['kind']
  readonly version: EmulatedVersion
  /** Declares a test. */
  it(title: string, run: Run): void
  /** Declares a test that cannot be run here, and why. */
  skip(title: string, why: string): void
}

type Define = (cluster: Cluster) => void

/** A place to run scenarios on, before it is started. */
export interface Place {
  readonly name: string
  readonly kind: RunningCluster['kind']
  readonly version: EmulatedVersion
  readonly start: () => Promise<RunningCluster>
}

const VERSIONS: readonly EmulatedVersion[] = ['5', '4.9']

// Every wait of a scenario has a limit of its own; some wait for real brokers that take two minutes to forget a client.
jest.setTimeout(contractTarget() === undefined ? 60_000 : 180_000)

/** Scenarios for the emulator in both generations, and for the real servers of a contract run. */
export function describeScenario(title: string, define: Define): void {
  for (const place of sharedPlaces()) describePlace(title, place, define)
}

/**
 * As `describeScenario`, for tests that wait for the time to pass: all of them, of both generations, are started at
 * once, and each has its own outcome all the same.
 */
export function describeSideBySide(title: string, define: Define, options: EmulatorOptions = {}): void {
  describeSideBySideAt(sharedPlaces(options), title, define)
}

/** As `describeSideBySide`, at places that the caller has chosen; where there are none, one skipped test says so. */
export function describeSideBySideAt(places: readonly Place[], title: string, define: Define): void {
  if (places.length === 0) skip(title, 'not on these servers')
  else declareTogether(title, { places, define, inTurn: false })
}

/**
 * For what only the emulator can do: faults by request, and its clock. Skipped in a contract run. Both generations are
 * gone through side by side, but for one clock of both, and for what watches or stops the whole process: that is `alone`.
 */
export function describeEmulatorOnly(
  title: string,
  define: Define,
  { alone = false, ...options }: EmulatorOptions & { readonly alone?: boolean } = {},
): void {
  const how = contractTarget() === undefined ? describe : describe.skip
  const places = VERSIONS.map(version => emulatedPlace(version, options))
  const name = `${title} (emulatorOnly)`
  if (alone || options.clock !== undefined) for (const place of places) describePlace(name, place, define, how)
  else declareTogether(name, { places, define, inTurn: true, how })
}

/**
 * As `describeScenario`, on servers that the scenarios may stop, as they belong to this `describe` alone. Skipped where a
 * contract run cannot start any. On the emulator both generations are gone through side by side.
 *
 * What takes its servers long belongs on real ones in a full run only (`realInFull`).
 */
export function describeOwnCluster(
  title: string,
  { realInFull = false, ...size }: ClusterSize & { readonly realInFull?: boolean },
  define: Define,
): void {
  const target = contractTarget()
  if (target === undefined) {
    const places = VERSIONS.map(version => emulatedPlace(version, emulated(size)))
    return declareTogether(title, { places, define, inTurn: true })
  }
  const place: Place = {
    name: `own servers of RocketMQ ${target.version}`,
    kind: 'real',
    version: generationOf(target.version),
    start: () => startOwnRealCluster(target, size),
  }
  const isItsTurn = !realInFull || process.env.ROCKETWIRE_FULL === '1'
  describePlace(title, place, define, target.ownClusters && isItsTurn ? describe : describe.skip)
}

/** On real servers of this `describe`'s own, of any make, for what the emulator cannot do. Skipped where none can be started. */
export function describeOwnServers(title: string, options: Omit<RealClusterOptions, 'version'>, define: Define): void {
  const { version, ownClusters } = requireTarget()
  const place: Place = {
    name: `own servers of RocketMQ ${version}`,
    kind: 'real',
    version: generationOf(version),
    start: () => startOwnServers({ ...options, version }),
  }
  describePlace(title, place, define, ownClusters ? describe : describe.skip)
}

/** A certificate of clients is wanted where their authority is given. */
function emulated({ tls, ...size }: ClusterSize): EmulatorOptions {
  if (tls === undefined) return size
  const wanted = tls.ca !== undefined
  return { ...size, tls: { ...tls, requestCert: wanted, rejectUnauthorized: wanted } }
}

function sharedPlaces(options: EmulatorOptions = {}): Place[] {
  const target = contractTarget()
  if (target === undefined) return VERSIONS.map(version => emulatedPlace(version, options))
  const cluster = sharedRealCluster(target)
  const { kind, version } = cluster
  return [{ name: `RocketMQ ${target.version}`, kind, version, start: async () => cluster }]
}

function emulatedPlace(version: EmulatedVersion, options: EmulatorOptions): Place {
  return { name: `emulator of ${version}`, kind: 'emulator', version, start: () => startEmulator(version, options) }
}

/** Tests one after the other, on servers that are started before the first and closed after the last of them. */
function describePlace(title: string, place: Place, define: Define, how: typeof describe.skip = describe): void {
  how(`${title} [${place.name}]`, () => {
    let cluster: RunningCluster | undefined
    beforeAll(async () => {
      cluster = await place.start()
    })
    afterAll(() => cluster?.close())
    const { kind, version } = place
    define({ kind, version, it: (testTitle, run) => it(testTitle, () => runOn(cluster as RunningCluster, run)), skip })
  })
}

interface Together {
  readonly places: readonly Place[]
  readonly define: Define
  /** The tests of a place are run one after the other; else all at once. */
  readonly inTurn: boolean
  readonly how?: typeof describe.skip
}

/** Begins with the tests of all places before the first of them is awaited. */
function declareTogether(title: string, { places, define, inTurn, how = describe }: Together): void {
  how(title, () => {
    const all = places.map(place => declarePlace(place, define, inTurn))
    beforeAll(() => Promise.all(all.map(place => place.begin())))
    afterAll(() => Promise.all(all.map(place => place.end())))
    for (const place of all) place.declare()
  })
}

function declarePlace(place: Place, define: Define, inTurn: boolean) {
  const { kind, version } = place
  const runs = new Map<string, Run>()
  const outcomes = new Map<string, Promise<void>>()
  let cluster: RunningCluster | undefined
  const skipped: [string, string][] = []
  define({ kind, version, it: (title, run) => runs.set(title, run), skip: (...test) => skipped.push(test) })
  return {
    async begin(): Promise<void> {
      const running = (cluster = await place.start())
      let turn: Promise<unknown> = Promise.resolve()
      for (const [title, run] of runs) {
        const outcome = inTurn ? turn.then(() => runOn(running, run)) : runOn(running, run)
        outcomes.set(title, outcome)
        // Its own test tells of a failure; until then it is not unheard.
        turn = outcome.catch(() => undefined)
      }
    },
    declare(): void {
      describe(`[${place.name}]`, () => {
        for (const title of runs.keys()) it(title, () => outcomes.get(title) as Promise<void>)
        for (const [title, why] of skipped) skip(title, why)
      })
    },
    async end(): Promise<void> {
      await Promise.allSettled(outcomes.values())
      await cluster?.close()
    },
  }
}

function skip(title: string, why: string): void {
  it.skip(`${title} (${why})`, () => undefined)
}

/** Runs a test and shuts down what it made; a failure also tells what its clients have reported meanwhile. */
async function runOn(cluster: RunningCluster, run: Run): Promise<void> {
  const site = new Site(cluster)
  let failed = true
  try {
    await run(site)
    failed = false
  } catch (error) {
    const reported = site.backgroundErrors.slice(0, 10).map(each => `\n  reported: ${each.message}`)
    if (error instanceof Error && reported.length > 0) error.message += reported.join('')
    throw error
  } finally {
    const closing = site.close()
    // The failure of the test says more than what follows from it.
    await (failed ? closing.catch(() => undefined) : closing)
  }
}
