import { propertyTexts, runningProperties } from '../../../lib/consumer/running-properties'

describe('what every consumer tells of itself', () => {
  it('is what the tools of RocketMQ look at, as text', () => {
    const told = runningProperties(['a:1', 'b:2'], 'CONSUME_ACTIVELY', 1_700_000_000_000)
    expect(Object.fromEntries(propertyTexts({ ...told, autoCommit: true }))).toEqual({
      PROP_NAMESERVER_ADDR: 'a:1;b:2;',
      PROP_CONSUME_TYPE: 'CONSUME_ACTIVELY',
      PROP_CLIENT_VERSION: `rocketwire on Node.js ${process.version}`,
      PROP_CONSUMER_START_TIMESTAMP: '1700000000000',
      autoCommit: 'true',
    })
  })
})
