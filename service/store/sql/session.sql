-- name: keep_parameters_out_of_the_log
-- Of this session, in slow queries and in failed ones alike.
SELECT set_config('log_parameter_max_length', '0', false), set_config('log_parameter_max_length_on_error', '0', false);
