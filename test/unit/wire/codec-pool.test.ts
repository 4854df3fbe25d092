import { rmSync, writeFileSync } from 'node:fs'
import { type CodecJob, runCodecJob } from '../../../lib/wire/codec-job'
import { CodecPool } from '../../../lib/wire/codec-pool'
import { CodecThread } from '../../../lib/wire/codec-thread'
import { compiledCodecWorker } from '../../support/codec-worker'

const script = compiledCodecWorker()
const BODY = Buffer.alloc(100_000, 'text ')
const JOB: CodecJob = { kind: 'LZ4_COMPRESS', body: BODY, maxBytes: 0 }
const PACKED = runCodecJob(JOB) as Buffer
const pools: CodecPool[] = []

function newPool(file: string): CodecPool {
  const pool = new CodecPool(file, 2)
  pools.push(pool)
  return pool
}

/** The threads that do jobs, in the order of their first one, and those that were ended. */
function watchThreads(): { used: Set<unknown>; ended: Set<unknown> } {
  const used = new Set<unknown>()
  const ended = new Set<unknown>()
  const { run, end } = CodecThread.prototype
  jest.spyOn(CodecThread.prototype, 'run').mockImplementation(function (this: CodecThread, job) {
    used.add(this)
    return run.call(this, job)
  })
  jest.spyOn(CodecThread.prototype, 'end').mockImplementation(function (this: CodecThread) {
    ended.add(this)
    return end.call(this)
  })
  return { used, ended }
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map(pool => pool.end()))
  jest.restoreAllMocks()
})
afterAll(() => rmSync(script))

describe('CodecPool', () => {
  it('does any number of jobs in two threads, and ends them when it is told to', async () => {
    const { used, ended } = watchThreads()
    const pool = newPool(script)
    const results = await Promise.all(Array.from({ length: 20 }, () => pool.run(JOB)))
    expect(results.every(result => result.equals(PACKED))).toBe(true)
    expect(used.size).toBe(2)
    await pool.end()
    expect(ended).toEqual(used)
  })

  it('starts new threads after its end, and finishes what was under way before', async () => {
    const { used } = watchThreads()
    const pool = newPool(script)
    const running = pool.run(JOB)
    await Promise.all([pool.end(), running])
    expect((await pool.run(JOB)).equals(PACKED)).toBe(true)
    expect(used.size).toBe(2)
  })

  it('starts no thread before there is a job', async () => {
    const { ended } = watchThreads()
    await newPool(script).end()
    expect(ended.size).toBe(0)
  })

  it('fails a job as the codec does', async () => {
    const tooLarge = newPool(script).run({ kind: 'LZ4_INFLATE', body: PACKED, maxBytes: 5 })
    await expect(tooLarge).rejects.toMatchObject({ code: 'MESSAGE_UNREADABLE' })
  })

  it('does jobs itself where its script is missing', async () => {
    const { used } = watchThreads()
    expect((await newPool(`${script}.missing`).run(JOB)).equals(PACKED)).toBe(true)
    expect(used.size).toBe(0)
  })

  it('does jobs itself once a thread has failed', async () => {
    const file = `${script}.fails.cjs`
    writeFileSync(file, "throw new Error('not here')")
    const { used } = watchThreads()
    const pool = newPool(file)
    for (let i = 0; i < 3; i++) expect((await pool.run(JOB)).equals(PACKED)).toBe(true)
    expect(used.size).toBe(1)
    rmSync(file)
  })
})
