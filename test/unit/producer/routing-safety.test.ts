import { type RoutingSafetyOptions, routingSafetyOf } from '../../../lib/producer/routing-safety'
import { LATENCY_TABLES } from '../../../lib/sending/broker-faults'

describe('options of routing safety', () => {
  it('leave all as it is where nothing is asked for, as in Java', () => {
    const off = { latencyFault: undefined, retryResponseCodes: undefined, sendMsgMaxTimeoutPerRequestMs: undefined }
    expect(routingSafetyOf({})).toEqual(off)
    expect(routingSafetyOf({ startDetectorEnable: true, latencyTable: '4.9' })).toEqual(off)
  })

  it('avoid brokers by the table of 5.x or 4.9', () => {
    const on = { sendLatencyFaultEnable: true }
    expect(routingSafetyOf(on).latencyFault).toEqual({ ...LATENCY_TABLES['5.x'], detector: undefined })
    expect(routingSafetyOf({ ...on, latencyTable: '4.9' }).latencyFault).toMatchObject(LATENCY_TABLES['4.9'])
    const table = { latencyMax: [10, 20], notAvailableDuration: [0, 500] }
    expect(routingSafetyOf({ ...on, ...table }).latencyFault).toMatchObject(table)
  })

  it('detect by an interval and a limit, as Java', () => {
    const on = { sendLatencyFaultEnable: true, startDetectorEnable: true }
    expect(routingSafetyOf(on).latencyFault?.detector).toEqual({ intervalMs: 2000, timeoutMs: 200 })
    const given = routingSafetyOf({ ...on, detectIntervalMs: 1, detectTimeoutMs: 5 }).latencyFault?.detector
    expect(given).toEqual({ intervalMs: 1, timeoutMs: 5 })
  })

  it('name further codes and the limit of a try', () => {
    const { retryResponseCodes, sendMsgMaxTimeoutPerRequestMs } = routingSafetyOf({
      retryResponseCodes: [13, 13],
      sendMsgMaxTimeoutPerRequestMs: 500,
    })
    expect([[...(retryResponseCodes ?? [])], sendMsgMaxTimeoutPerRequestMs]).toEqual([[13], 500])
  })

  it.each<[string, object]>([
    ['latencyTable', { latencyTable: '3' }],
    ['sendLatencyFaultEnable', { sendLatencyFaultEnable: 'yes' }],
    ['startDetectorEnable', { startDetectorEnable: 1 }],
    ['latencyMax', { latencyMax: [] }],
    ['latencyMax', { latencyMax: [2, 1], notAvailableDuration: [0, 1] }],
    ['notAvailableDuration', { latencyMax: [1], notAvailableDuration: 'long' }],
    ['as many', { latencyMax: [1] }],
    ['detectIntervalMs', { detectIntervalMs: 0 }],
    ['detectTimeoutMs', { detectTimeoutMs: NaN }],
    ['retryResponseCodes', { retryResponseCodes: ['SYSTEM_BUSY'] }],
    ['retryResponseCodes', { retryResponseCodes: 2 }],
    ['sendMsgMaxTimeoutPerRequestMs', { sendMsgMaxTimeoutPerRequestMs: -1 }],
  ])('are refused where %s is wrong: %j', (name, options) => {
    expect(() => routingSafetyOf(options as RoutingSafetyOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })
})
