import { describeExamples } from '../support/example-runs'
import { requireTarget } from './real/target'

const { namesrvAddr, version } = requireTarget()

describeExamples(`the examples on RocketMQ ${version}`, { NAMESRV_ADDR: namesrvAddr })
