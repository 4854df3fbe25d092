import createDebug from 'debug'
import { Log, type Logger } from '../../../lib/runtime/log'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { RecordingLogger } from '../../support/recording-log'

function setUp() {
  const clock = new ManualClock()
  const logger = new RecordingLogger()
  return { clock, logger, log: new Log('client', logger, clock) }
}

describe('Log', () => {
  it('writes each level to the logger, with the part before the message', () => {
    const { log, logger } = setUp()
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d')
    expect(logger.lines).toEqual([
      'debug [rocketwire:client] a',
      'info [rocketwire:client] b',
      'warn [rocketwire:client] c',
      'error [rocketwire:client] d',
    ])
  })

  it('writes details behind the message and leaves undefined ones out', () => {
    const { log, logger } = setUp()
    const error = new Error('broken', { cause: new Error('reset') })
    log.warn('closed', { address: 'h:1', tries: 2, none: undefined, error, list: [1, 'a'] })
    expect(logger.lines).toEqual([
      "warn [rocketwire:client] closed address=h:1 tries=2 error=broken <- reset list=[ 1, 'a' ]",
    ])
  })

  it("keeps a peer's words on one line, and of very many the first", () => {
    const { log, logger } = setUp()
    log.warn('refused', { error: new Error('no\nwarn [rocketwire:client] all is well\u001b[2J'), peer: 'a\u2028b\r' })
    log.warn('refused', { remark: 'x'.repeat(1_000_000) })
    expect(logger.lines).toEqual([
      'warn [rocketwire:client] refused error=no\\u000awarn [rocketwire:client] all is well\\u001b[2J peer=a\\u2028b\\u000d',
      `warn [rocketwire:client] refused remark=${'x'.repeat(2000)}…`,
    ])
  })

  it('has children with the same logger and a part of their own', () => {
    const { log, logger } = setUp()
    log.child('routing').info('m')
    expect(logger.lines).toEqual(['info [rocketwire:routing] m'])
  })

  it('leaves equal lines out after the fifth in ten seconds, and says later how many', async () => {
    const { log, logger, clock } = setUp()
    for (let i = 0; i < 8; i++) log.warn('again', { i })
    expect(logger.lines).toHaveLength(5)
    await clock.advance(10_000)
    log.warn('again', { i: 8 })
    log.warn('again', { i: 9 })
    expect(logger.lines.slice(5)).toEqual([
      'warn [rocketwire:client] again i=8 (3 equal lines left out)',
      'warn [rocketwire:client] again i=9',
    ])
  })

  it('counts lines of another level or message by themselves', () => {
    const { log, logger } = setUp()
    for (let i = 0; i < 6; i++) {
      log.warn('a')
      log.error('a')
      log.warn('b')
    }
    expect(logger.lines).toHaveLength(15)
  })

  it('forgets the oldest of very many different lines', () => {
    const { log, logger } = setUp()
    for (let i = 0; i < 6; i++) log.warn('first')
    for (let i = 0; i < 256; i++) log.warn(`line ${i}`)
    log.warn('first')
    expect(logger.lines.at(-1)).toBe('warn [rocketwire:client] first')
    expect(logger.lines.filter(line => line.endsWith('first'))).toHaveLength(6)
  })

  it('survives a logger that throws', () => {
    const fail = (): never => {
      throw new Error('disk full')
    }
    const logger: Logger = { debug: fail, info: fail, warn: fail, error: fail }
    expect(() => new Log('client', logger).warn('m')).not.toThrow()
  })

  it('survives a logger that rejects', async () => {
    const failed = Promise.reject(new Error('disk full'))
    const caught = jest.spyOn(failed, 'catch')
    const fail = (): unknown => failed
    new Log('client', { debug: fail, info: fail, warn: fail, error: fail }).warn('m')
    expect(caught).toHaveBeenCalledTimes(1)
    await expect(failed).rejects.toThrow('disk full')
  })

  describe('without a logger', () => {
    const written: string[] = []
    const { log: write } = createDebug
    beforeAll(() => {
      createDebug.log = (...args: unknown[]) => void written.push(args.join(' '))
    })
    afterEach(() => {
      createDebug.disable()
      written.length = 0
    })
    afterAll(() => {
      createDebug.log = write
    })

    it('is silent', () => {
      new Log('client').error('m')
      expect(written).toEqual([])
    })

    it('writes what the DEBUG variable names', () => {
      createDebug.enable('rocketwire:client')
      const log = new Log('client')
      log.debug('m', { a: 1 })
      log.child('routing').debug('not named')
      expect(written).toEqual([expect.stringContaining('debug m a=1')])
    })
  })
})
