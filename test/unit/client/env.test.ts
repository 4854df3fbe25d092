import { optionsFromEnv } from '../../../lib/client/env'

describe('optionsFromEnv', () => {
  it('takes the name servers from the variable that Java has, and the rest from its own', () => {
    expect(
      optionsFromEnv({
        NAMESRV_ADDR: 'h1:9876;h2:9876',
        ROCKETWIRE_REQUEST_TIMEOUT_MS: '1000',
        ROCKETWIRE_CONNECT_TIMEOUT_MS: '2000',
        ROCKETWIRE_POLL_NAME_SERVER_INTERVAL_MS: '3000',
        ROCKETWIRE_HEARTBEAT_BROKER_INTERVAL_MS: '4000',
        OTHER: 'x',
      }),
    ).toEqual({
      namesrvAddr: 'h1:9876;h2:9876',
      requestTimeoutMs: 1000,
      connectTimeoutMs: 2000,
      pollNameServerIntervalMs: 3000,
      heartbeatBrokerIntervalMs: 4000,
    })
  })

  it('has no option for a variable that is missing or empty', () => {
    expect(optionsFromEnv({})).toEqual({})
    expect(optionsFromEnv({ NAMESRV_ADDR: '', ROCKETWIRE_REQUEST_TIMEOUT_MS: '' })).toEqual({})
  })

  it.each(['3s', '-1', '1.5', ' 3', '0x10'])(
    'refuses %j for a number of milliseconds, and names the variable',
    text => {
      expect(() => optionsFromEnv({ ROCKETWIRE_REQUEST_TIMEOUT_MS: text })).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: `ROCKETWIRE_REQUEST_TIMEOUT_MS is "${text}"; it must be a number of milliseconds`,
        }),
      )
    },
  )

  it('takes keys, a token and whether to speak TLS', () => {
    const keys = { ROCKETWIRE_ACCESS_KEY: 'AK', ROCKETWIRE_SECRET_KEY: 'SK' }
    expect(optionsFromEnv(keys)).toEqual({ credentials: { accessKey: 'AK', secretKey: 'SK' } })
    expect(optionsFromEnv({ ...keys, ROCKETWIRE_SECURITY_TOKEN: 'T', ROCKETWIRE_TLS: 'true' })).toEqual({
      credentials: { accessKey: 'AK', secretKey: 'SK', securityToken: 'T' },
      tls: true,
    })
    expect(optionsFromEnv({ ROCKETWIRE_ACCESS_KEY: '', ROCKETWIRE_TLS: 'false' })).toEqual({ tls: false })
  })

  it.each([
    [{ ROCKETWIRE_ACCESS_KEY: 'AK' }, 'ROCKETWIRE_SECRET_KEY is not set'],
    [{ ROCKETWIRE_SECRET_KEY: 'the-secret' }, 'ROCKETWIRE_ACCESS_KEY is not set'],
    [{ ROCKETWIRE_TLS: 'yes' }, 'ROCKETWIRE_TLS is "yes"'],
  ])('refuses %j', (env, words) => {
    expect(() => optionsFromEnv(env)).toThrow(words)
    expect(() => optionsFromEnv(env)).not.toThrow('the-secret')
  })

  it('reads the environment of the process where it is given none', () => {
    const before = process.env['NAMESRV_ADDR']
    process.env['NAMESRV_ADDR'] = 'from-env:9876'
    expect(optionsFromEnv().namesrvAddr).toBe('from-env:9876')
    if (before === undefined) delete process.env['NAMESRV_ADDR']
    else process.env['NAMESRV_ADDR'] = before
  })
})
