import { serviceMain } from '../lib/service-main.ts';
import { readShippingConfig } from './config.ts';
import { startShippingService } from './service.ts';

void serviceMain({ name: 'shippingservice', readConfig: readShippingConfig, start: startShippingService });
