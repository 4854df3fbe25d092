import { inspect } from 'node:util'
import type { ClientOptions } from '../../../lib/client/client-options'
import { resolveClientOptions } from '../../../lib/client/resolve-client-options'
import { systemClock } from '../../../lib/runtime/clock'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { RecordingLogger } from '../../support/recording-log'

const VARIABLES = ['NAMESRV_ADDR', 'ROCKETWIRE_REQUEST_TIMEOUT_MS'] as const

describe('resolveClientOptions', () => {
  const before = VARIABLES.map(name => [name, process.env[name]] as const)
  beforeEach(() => {
    for (const name of VARIABLES) delete process.env[name]
  })
  afterAll(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  it("fills in Java's defaults", () => {
    expect(resolveClientOptions({ namesrvAddr: 'h:9876' })).toEqual({
      namesrvAddr: 'h:9876',
      namespace: '',
      namespaceV2: '',
      requestTimeoutMs: 3000,
      connectTimeoutMs: 3000,
      pollNameServerIntervalMs: 30_000,
      heartbeatBrokerIntervalMs: 30_000,
      credentials: undefined,
      tls: undefined,
      vipChannelEnabled: false,
      logger: undefined,
      metrics: undefined,
      serialization: 'JSON',
      language: undefined,
      instanceName: undefined,
      unitName: undefined,
      unitMode: false,
      clock: systemClock,
      dialer: undefined,
    })
  })

  it('takes what is given', () => {
    const given = {
      requestTimeoutMs: 1,
      connectTimeoutMs: 2,
      pollNameServerIntervalMs: 3,
      heartbeatBrokerIntervalMs: 4,
      vipChannelEnabled: true,
      logger: new RecordingLogger(),
    }
    const advanced = {
      serialization: 'ROCKETMQ',
      language: 'GO',
      instanceName: 'i',
      unitName: 'u',
      unitMode: true,
      clock: new ManualClock(),
      dialer: () => Promise.reject(new Error('no')),
    } as const
    expect(resolveClientOptions({ namesrvAddr: 'h:9876', ...given, advanced })).toEqual({
      namesrvAddr: 'h:9876',
      namespace: '',
      namespaceV2: '',
      credentials: undefined,
      tls: undefined,
      ...given,
      ...advanced,
    })
  })

  it('keeps keys and certificates where nobody sees them', () => {
    const credentials = { accessKey: 'AK', secretKey: 'the-secret' }
    const options = resolveClientOptions({ namesrvAddr: 'h:1', credentials, tls: { passphrase: 'open sesame' } })
    expect(options.credentials?.reveal()).toEqual(credentials)
    expect(options.tls?.reveal()).toEqual({ passphrase: 'open sesame' })
    expect(inspect(options, { depth: null, showHidden: true }) + JSON.stringify(options)).not.toMatch(
      /the-secret|sesame/,
    )
  })

  it('takes true for TLS with what Node trusts, and false for none', () => {
    expect(resolveClientOptions({ namesrvAddr: 'h:1', tls: true }).tls?.reveal()).toEqual({})
    expect(resolveClientOptions({ namesrvAddr: 'h:1', tls: false }).tls).toBeUndefined()
  })

  it('refuses keys and certificates that cannot be used', () => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    const credentials = { accessKey: 'AK', secretKey: '' }
    expect(() => resolveClientOptions({ namesrvAddr: 'h:1', credentials })).toThrow(refused)
    expect(() => resolveClientOptions({ namesrvAddr: 'h:1', tls: { cert: 'nonsense' } })).toThrow(refused)
  })

  it('joins a list of name servers', () => {
    expect(resolveClientOptions({ namesrvAddr: ['h1:1', 'h2:2'] }).namesrvAddr).toBe('h1:1;h2:2')
  })

  it('prefers what is given to the environment, and that to the defaults', () => {
    process.env['NAMESRV_ADDR'] = 'from-env:9876'
    process.env['ROCKETWIRE_REQUEST_TIMEOUT_MS'] = '1000'
    expect(resolveClientOptions({})).toMatchObject({ namesrvAddr: 'from-env:9876', requestTimeoutMs: 1000 })
    expect(resolveClientOptions({ namesrvAddr: 'h:1', requestTimeoutMs: 5 })).toMatchObject({
      namesrvAddr: 'h:1',
      requestTimeoutMs: 5,
    })
  })

  it('does not let an option that is there but undefined hide the environment', () => {
    process.env['NAMESRV_ADDR'] = 'from-env:9876'
    const options = { namesrvAddr: undefined } as unknown as { namesrvAddr: string }
    expect(resolveClientOptions(options).namesrvAddr).toBe('from-env:9876')
  })

  it.each([[undefined], [''], ['  '], [[]]])(
    'fails without name servers (%j), and says how to give them',
    namesrvAddr => {
      const options = namesrvAddr === undefined ? {} : { namesrvAddr }
      expect(() => resolveClientOptions(options)).toThrow(
        expect.objectContaining({
          code: 'NO_NAME_SERVER',
          message: 'no name server is given: set namesrvAddr or the NAMESRV_ADDR variable',
        }),
      )
    },
  )

  it.each(['requestTimeoutMs', 'connectTimeoutMs', 'pollNameServerIntervalMs', 'heartbeatBrokerIntervalMs'])(
    'refuses %s out of range, whether given or from the environment',
    name => {
      expect(() => resolveClientOptions({ namesrvAddr: 'h:1', [name]: 0 })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(`${name} is 0`) }),
      )
    },
  )

  it('refuses a number of the environment that timers cannot take', () => {
    process.env['ROCKETWIRE_REQUEST_TIMEOUT_MS'] = '99999999999'
    expect(() => resolveClientOptions({ namesrvAddr: 'h:1' })).toThrow('requestTimeoutMs is 99999999999')
  })

  it('refuses a serialization that there is not', () => {
    const advanced = { serialization: 'XML' as 'JSON' }
    expect(() => resolveClientOptions({ namesrvAddr: 'h:1', advanced })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  it('takes namespaces, that of the endpoint of a cloud instance where none is given', () => {
    const namesrvAddr = 'http://MQ_INST_1_a.example.com:80'
    expect(resolveClientOptions({ namesrvAddr }).namespace).toBe('MQ_INST_1_a')
    expect(resolveClientOptions({ namesrvAddr, namespace: 'shop' }).namespace).toBe('shop')
    expect(resolveClientOptions({ namesrvAddr: 'h:9876', namespaceV2: 'v-2' }).namespaceV2).toBe('v-2')
  })

  it.each(['a%b', 'a b', 5])('refuses the namespace %p', namespace => {
    for (const option of ['namespace', 'namespaceV2']) {
      expect(() => resolveClientOptions({ namesrvAddr: 'h:9876', [option]: namespace })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(option) }),
      )
    }
  })

  it.each<[option: string, given: object]>([
    ['namesrvAddr', { namesrvAddr: 5 }],
    ['namesrvAddr', { namesrvAddr: [5] }],
    ['"a" is no address', { namesrvAddr: 'a' }],
    ['"a:0" is no address', { namesrvAddr: ['h:9876', 'a:0'] }],
    ['no URL', { namesrvAddr: 'http://' }],
    ['vipChannelEnabled', { vipChannelEnabled: 'false' }],
    ['logger', { logger: 5 }],
    ['logger', { logger: {} }],
    ['advanced', { advanced: 5 }],
    ['there is no tls', { advanced: { tls: true } }],
    ['advanced.clock', { advanced: { clock: 5 } }],
    ['advanced.dialer', { advanced: { dialer: 5 } }],
    ['advanced.unitMode', { advanced: { unitMode: 1 } }],
    ['advanced.instanceName', { advanced: { instanceName: 5 } }],
  ])('refuses what is no %s: %j', (says, given) => {
    const error = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(says) as string }
    const options = { namesrvAddr: 'h:9876', ...given } as ClientOptions
    expect(() => resolveClientOptions(options)).toThrow(expect.objectContaining(error))
  })

  it('refuses metrics that are no recorder', () => {
    const metrics = { record: () => undefined, observe: () => () => undefined }
    expect(resolveClientOptions({ namesrvAddr: 'h:9876', metrics }).metrics).toBe(metrics)
    const wrong = { namesrvAddr: 'h:9876', metrics: { record: () => undefined } as never }
    const expected = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('record, observe') }
    expect(() => resolveClientOptions(wrong)).toThrow(expect.objectContaining(expected))
  })
})
