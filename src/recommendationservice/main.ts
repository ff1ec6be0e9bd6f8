import { serviceMain } from '../lib/process/service-main.ts';
import { readRecommendationConfig } from './config.ts';
import { startRecommendationService } from './service.ts';

void serviceMain({
  name: 'recommendationservice',
  readConfig: readRecommendationConfig,
  start: startRecommendationService,
});
