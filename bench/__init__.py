"""How fast the product is, as ratios within one run: pages against floors that do the least a page can do, on the
same machine.

./dev bench                          # 10,000, 100,000 and 1,000,000 deals; writes docs/performance.md
./dev bench --sizes 10000 --quick    # a look in a minute, writes nothing
"""
