import { type Cluster, describeOwnCluster, describeScenario } from '../../support/cluster'
import { ALLOWED_DIFFERENCES, type AllowedDifference } from './allowed-differences'
import { type Difference, describeDifference, differences } from './differences'
import { forVersion } from './expected'
import { type ClientIdentity, THIS_CLIENT } from './frame-connection'
import { plainAnswer } from './plain-answer'
import type { Outcome, Probe } from './probe'
import { OWN_PROBES, PROBES } from './rows'
import { type Servers, Stage } from './stage'

/** MQVersion ordinals that servers announce. */
const SERVER_VERSION = { '4.9': 401, '5': 513 } as const

describeScenario('request probes', cluster => {
  const { allowed, met } = declare(cluster, PROBES)

  cluster.it('every difference that is allowed here still occurs', async () => {
    expect(allowed.filter(each => !met.has(each)).map(({ what }) => what)).toEqual([])
  })
})

describeOwnCluster('request probes that leave traces', {}, cluster => {
  declare(cluster, OWN_PROBES)
})

/** Declares a test for each row; the differences that were met are known when all have run. */
function declare(cluster: Cluster, probes: Readonly<Record<string, readonly Probe[]>>) {
  const open = sharedStage(cluster)
  const allowed = ALLOWED_DIFFERENCES.filter(({ on }) => isMet(on, cluster))
  const met = new Set<AllowedDifference>()
  const isAllowed = (difference: Difference, probe: Probe): boolean => {
    const allowance = allowed.find(({ allows }) => allows(difference, probe))
    if (allowance !== undefined) met.add(allowance)
    return allowance !== undefined
  }

  for (const [title, rows] of Object.entries(probes)) {
    for (const probe of rows) {
      cluster.it(`${title}: ${probe.command.name}: ${probe.name}`, async site => {
        const found = unlike(await probe.run(await open(site)), probe, cluster)
        expect(found.filter(each => !isAllowed(each, probe)).map(describeDifference)).toEqual([])
      })
    }
  }

  cluster.it('no request was answered twice', async site => {
    expect(await (await open(site)).strayReplies()).toBe(0)
  })

  return { allowed, met }
}

function isMet({ kind, version }: AllowedDifference['on'], cluster: Cluster): boolean {
  return kind === cluster.kind && (version === undefined || version === cluster.version)
}

/** The stage that all rows of a cluster share, opened by the first of them. */
function sharedStage({ version }: Cluster): (servers: Pick<Servers, 'namesrvAddr'>) => Promise<Stage> {
  let opened: Promise<Stage> | undefined
  afterAll(async () => (await opened)?.close())
  return ({ namesrvAddr }) => (opened ??= Stage.open({ version, namesrvAddr }))
}

/** In what an answer differs from its row. */
function unlike(
  { frame, kind, expected, client }: Outcome,
  { codes, command }: Probe,
  { version }: Cluster,
): Difference[] {
  const code = codes[version]
  if (frame === undefined) return differences({ code: 'NO_ANSWER' }, { code })
  const { language, version: announced, flag, serializeType } = frame
  const actual = { ...plainAnswer(frame, kind), server: { language, version: announced, flag, serializeType } }
  const server = serverOf(version, client)
  const writer = code === 'SUCCESS' && command.passedOn ? THIS_CLIENT : server
  return differences(actual, forVersion({ code, ...expected, server: { ...server, ...writer } }, version))
}

/** What every frame of a server says. */
function serverOf(version: Cluster['version'], { serializeType = 'JSON' }: ClientIdentity): object {
  const answersIn = version === '4.9' ? serializeType : 'JSON'
  return { language: 'JAVA', version: SERVER_VERSION[version], flag: 1, serializeType: answersIn }
}
