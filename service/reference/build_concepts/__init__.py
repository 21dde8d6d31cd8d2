"""The vocabulary's maker: public terminologies → one packed index. Run by `make concepts`, never at run time."""
