import { RoutePolls } from '../../../lib/client/route-polls'

const { signal } = new AbortController()

function setUp(count: number, fails: (topics: readonly string[]) => boolean = () => false) {
  const topics = Array.from({ length: count }, (_, i) => `T${i}`)
  const asked: (readonly string[])[] = []
  const polls = new RoutePolls({
    everyMs: 30_000,
    least: 8,
    topics: () => topics,
    ask: part => {
      asked.push(part)
      return fails(part) ? Promise.reject(new Error(`no answer for ${part[0]}`)) : Promise.resolve()
    },
  })
  return { topics, asked, polls }
}

/** Asks for parts until an interval is over. */
async function interval({ polls }: ReturnType<typeof setUp>): Promise<string[]> {
  const told: string[] = []
  let elapsedMs = 0
  while (elapsedMs < 30_000 - 1e-6) {
    await polls.askNext(signal).catch((error: Error) => told.push(error.message))
    elapsedMs += polls.pauseMs
  }
  return told
}

describe('routes', () => {
  it('of few topics are asked for together, once in an interval', async () => {
    const setup = setUp(8)
    await interval(setup)
    expect([setup.asked, setup.polls.pauseMs]).toEqual([[setup.topics], 30_000])
  })

  it('of no topics are not asked for', async () => {
    const setup = setUp(0)
    await interval(setup)
    expect([setup.asked, setup.polls.pauseMs]).toEqual([[[]], 30_000])
  })

  it.each([9, 100, 2000, 2001])('of %d topics are asked for in parts, each topic once in an interval', async count => {
    const setup = setUp(count)
    await interval(setup)
    await interval(setup)
    expect(setup.asked.flat()).toEqual([...setup.topics, ...setup.topics])
    expect(Math.max(...setup.asked.map(part => part.length))).toBeLessThanOrEqual(Math.max(8, Math.ceil(count / 30)))
  })

  it('that fail are told of once in an interval, and keep no others from being asked for', async () => {
    const setup = setUp(100, part => part.includes('T0') || part.includes('T50'))
    expect(await interval(setup)).toEqual(['no answer for T0'])
    expect(await interval(setup)).toEqual(['no answer for T0'])
    expect(setup.asked.flat()).toHaveLength(200)
  })

  it('of topics that are new are asked for in the next interval', async () => {
    const setup = setUp(10)
    await setup.polls.askNext(signal)
    setup.topics.push('new')
    await setup.polls.askNext(signal)
    expect(setup.asked.flat()).not.toContain('new')
    await interval(setup)
    expect(setup.asked.flat()).toContain('new')
  })
})
