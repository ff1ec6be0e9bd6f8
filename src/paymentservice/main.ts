import { serviceMain } from '../lib/process/service-main.ts';
import { readPaymentConfig } from './config.ts';
import { startPaymentService } from './service.ts';

void serviceMain({ name: 'paymentservice', readConfig: readPaymentConfig, start: startPaymentService });
